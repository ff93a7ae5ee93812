using System.Text.RegularExpressions;

namespace Reminders.Email;

/// <summary>Delivers by SMTP to one mail server, which takes it from there. Buttons are left out: nothing in a mail can be
/// pressed.</summary>
internal sealed partial class EmailSender : ISender, IChannelProbe, IDisposable
{
    private readonly EmailOptions _options;
    private readonly TimeProvider _time;
    private readonly SmtpTransport _transport;
    private readonly DkimStamp? _stamp;

    /// <inheritdoc/>
    public string Channel { get; }

    /// <exception cref="ArgumentException">The options are wrong; each problem is named.</exception>
    public EmailSender(EmailOptions options, TimeProvider time, string channel = EmailChannel.Name)
    {
        Channel = channel;
        if (options.Validate().ToArray() is { Length: > 0 } problems)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }
        (_options, _time) = (options, time);
        _transport = new SmtpTransport(options, time);
        _stamp = DkimStamp.Of(options.Dkim, time);
    }

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Operation == DeliveryOperation.Edit)
        {
            return new SendResult.Rejected("an e-mail cannot be changed once it is sent");
        }
        if (MailAddresses.Read(delivery.Address) is not { } to)
        {
            return new SendResult.Unreachable($"the address '{delivery.Address}' is none that SMTP could carry");
        }
        if (!IdForm().IsMatch(delivery.StableId))
        {
            return new SendResult.Rejected(
                $"the message's id '{delivery.StableId}' is not 1 to 100 letters and digits with dots between them"
            );
        }
        if (delivery.Unsubscribe is { } unsubscribe && !MailText.Fits(unsubscribe))
        {
            return new SendResult.Rejected(
                $"the unsubscribe link has {unsubscribe.AbsoluteUri.Length} characters, more than a header line takes"
            );
        }
        var id = $"<{delivery.StableId}@{_options.From[(_options.From.LastIndexOf('@') + 1)..]}>";
        return await _transport.SendAsync(MailText.Compose(delivery, to, _options, id, _time.GetUtcNow(), _stamp), cancellationToken);
    }

    /// <summary>A connection of its own up to where a message would begin, and goodbye.</summary>
    public Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken) => _transport.ProbeAsync(cancellationToken);

    public void Dispose()
    {
        _transport.Dispose();
        _stamp?.Dispose();
    }

    [GeneratedRegex(@"\A(?=.{1,100}\z)[A-Za-z0-9]+(\.[A-Za-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}
