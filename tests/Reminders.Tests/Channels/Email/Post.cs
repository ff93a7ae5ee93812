using Microsoft.Extensions.Time.Testing;
using Reminders.Channels;
using Reminders.Email;
using Reminders.Lab.Mail;

namespace Reminders.Tests.Channels.Email;

/// <summary>A sender, and a real mail server of our own at the other end.</summary>
internal sealed class Post(MailSink sink, EmailSender sender, FakeTimeProvider time) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Delivery Message { get; } =
        new("7", DeliveryOperation.Send, "anna@example.org", "Hello Anna", []) { StableId = "12.1760000000.5", Subject = "Your interview" };

    public MailSink Sink => sink;

    public EmailSender Sender => sender;

    public FakeTimeProvider Time => time;

    public MailRecord Record => sink.Record;

    public static EmailOptions Options(int port, TimeSpan? timeout = null) =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            From = "reminders@example.org",
            Timeout = timeout ?? Patience,
        };

    public static async Task<Post> OpenAsync(MailSinkOptions? server = null, Action<EmailOptions>? alter = null, TimeSpan? timeout = null)
    {
        var sink = await MailSink.StartAsync(server, cancellationToken: TestContext.Current.CancellationToken);
        var options = Options(sink.Port, timeout);
        options.CertificateSha256 = sink.CertificateSha256;
        alter?.Invoke(options);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        return new Post(sink, new EmailSender(options, time), time);
    }

    public Task<SendResult> SendAsync(Delivery? delivery = null) =>
        sender.SendAsync(delivery ?? Message, TestContext.Current.CancellationToken);

    /// <summary>Sends, and reads it as it arrived.</summary>
    public async Task<ReceivedMail> DeliverAsync(Delivery delivery)
    {
        Assert.IsType<SendResult.Sent>(await SendAsync(delivery));
        return Record.Mails[^1];
    }

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        await sink.DisposeAsync();
    }
}
