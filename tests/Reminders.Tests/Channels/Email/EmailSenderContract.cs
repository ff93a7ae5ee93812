using Reminders.Channels;
using Reminders.Email;
using Reminders.Lab.Mail;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels.Email;

public sealed class EmailSenderContract : SenderContract
{
    protected override Delivery Message => Post.Message;

    // A dialogue of several turns comes before the message.
    protected override TimeSpan Impatient => TimeSpan.FromSeconds(1);

    protected override async Task<Scene> SetAsync(Provider provider, TimeSpan sendTimeout)
    {
        if (provider == Provider.RefusesConnections)
        {
            var nobody = new NobodyListening();
            var sender = new EmailSender(Post.Options(nobody.Url.Port, sendTimeout), TimeProvider.System);
            return new Scene(
                sender,
                () => 0,
                Task.CompletedTask,
                () =>
                {
                    sender.Dispose();
                    nobody.Dispose();
                    return ValueTask.CompletedTask;
                }
            );
        }
        var post = await Post.OpenAsync(timeout: sendTimeout);
        if (Fault(provider) is { } fault)
        {
            post.Sink.Faults.Add(new(fault, MailPhase.Dot) { Accepts = true });
        }
        return new Scene(
            post.Sender,
            () => post.Record.MailCount,
            post.Record.WaitForAsync(record => record.MailCount > 0, Patient, Running),
            post.DisposeAsync
        );
    }

    private static MailFaultKind? Fault(Provider provider) =>
        provider switch
        {
            Provider.CutsAfterTheMessage => MailFaultKind.Cut,
            Provider.ResetsAfterTheMessage => MailFaultKind.Reset,
            Provider.StaysSilent => MailFaultKind.Silence,
            Provider.AnswersNonsense => MailFaultKind.Nonsense,
            _ => null,
        };
}
