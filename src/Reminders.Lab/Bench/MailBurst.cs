using System.Globalization;
using Reminders.Lab.Mail;

namespace Reminders.Lab.Bench;

/// <summary>A mail server of one's own.</summary>
internal sealed class MailBurst(MailSink sink) : IBurstReceiver
{
    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Email__Host"] = "127.0.0.1",
            ["Email__Port"] = sink.Port.ToString(CultureInfo.InvariantCulture),
            ["Email__From"] = "interviews@example.com",
            ["Kinds__CONFIRM_2H__Templates__en__subject"] = "Your interview {title}",
            ["Kinds__CONFIRM_2H__Templates__ru__subject"] = "Ваше собеседование {title}",
        };

    public static async Task<MailBurst> StartAsync(CancellationToken cancellationToken) =>
        new(await MailSink.StartAsync(cancellationToken: cancellationToken));

    public Task ConnectAsync(BenchCluster cluster) => Task.CompletedTask;

    public Task<Arrivals?> CountAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Arrivals?>(Arrivals.Of([.. sink.Record.Mails.Select(mail => (mail.To[0], mail.Text))]));

    public ValueTask DisposeAsync() => sink.DisposeAsync();
}
