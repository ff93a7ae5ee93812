using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Reminders.Channels.Http;

namespace Reminders.WhatsApp;

/// <summary>Delivers over the Cloud API: a text, a text with reply buttons, or a template. README.md beside this file has the
/// why.</summary>
internal sealed partial class WhatsAppSender : ISender, IChannelProbe, IDisposable
{
    private readonly OnceHttp _http;
    private readonly Uri _messages;
    private readonly Uri _number;
    private readonly AuthenticationHeaderValue _bearer;
    private readonly TimeSpan _timeout;

    /// <exception cref="ArgumentException">The options are not valid, or WhatsApp is not set up; the message names each wrong
    /// setting.</exception>
    public WhatsAppSender(WhatsAppOptions options, string channel = WhatsAppChannel.Name)
    {
        Channel = channel;
        if (!options.IsOn || options.Validate().Any())
        {
            throw new ArgumentException(
                string.Join(' ', options.Validate().DefaultIfEmpty("WhatsApp:PhoneNumberId is missing.")),
                nameof(options)
            );
        }
        _http = new OnceHttp(options.BaseUrl);
        _messages = new Uri($"{options.BaseUrl.AbsoluteUri.TrimEnd('/')}/{options.PhoneNumberId}/messages");
        _number = new Uri($"{options.BaseUrl.AbsoluteUri.TrimEnd('/')}/{options.PhoneNumberId}?fields=id");
        _bearer = new AuthenticationHeaderValue("Bearer", options.AccessToken);
        _timeout = options.Timeout;
    }

    /// <inheritdoc/>
    public string Channel { get; }

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Operation == DeliveryOperation.Edit)
        {
            return new SendResult.Rejected("WhatsApp lets nobody change a message that was sent");
        }
        if (!Number().IsMatch(delivery.Address))
        {
            return new SendResult.Rejected(
                $"the address '{delivery.Address}' is no phone number: country code and number, 7 to 15 digits, with or without a +"
            );
        }
        if (WhatsAppLimits.Problem(delivery) is { } problem)
        {
            return new SendResult.Rejected(problem);
        }
        var outcome = await _http.PostAsync(
            _messages,
            OnceJsonContent.Of(RequestOf(delivery), WhatsAppJson.Default.MessageRequest),
            _timeout,
            cancellationToken,
            _bearer
        );
        switch (outcome)
        {
            case HttpOutcome.Replied(var reply):
                using (reply)
                {
                    return WhatsAppReplyReader.Read(reply);
                }
            case HttpOutcome.NotSent(var detail, var code):
                return new SendResult.NotDelivered(detail) { Unanswered = true, Code = code };
            case HttpOutcome.Unknown(var detail, var code):
                return new SendResult.Uncertain(detail) { Code = code };
            default:
                throw new InvalidOperationException($"No such outcome: {outcome.GetType().Name}.");
        }
    }

    /// <summary>
    /// Asks for the number's own id. Meta's refusal is an answer too: a token that may send need not be allowed to look at the
    /// number, and then the next message says more.
    /// </summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        switch (await _http.GetAsync(_number, _timeout, cancellationToken, _bearer))
        {
            case HttpOutcome.Replied(var reply):
                using (reply)
                {
                    return WhatsAppReplyReader.ReadProbe(reply);
                }
            case HttpOutcome.NotSent(var detail, _):
                return ProbeResult.Ill(detail);
            case HttpOutcome.Unknown(var detail, _):
                return ProbeResult.Ill(detail);
            case var other:
                throw new InvalidOperationException($"No such outcome: {other.GetType().Name}.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static MessageRequest RequestOf(Delivery delivery)
    {
        var to = delivery.Address.TrimStart('+');
        if (delivery.Template is { } template)
        {
            return new(to, "template", delivery.Reference, Template: TemplateOf(template, delivery.Buttons));
        }
        if (delivery.Buttons.Count == 0)
        {
            return new(to, "text", delivery.Reference, Text: new(delivery.Text));
        }
        ReplyButton[] buttons =
        [
            .. delivery.Buttons.Select(button => new ReplyButton(new(button.Data, WhatsAppLimits.Title(button.Label)))),
        ];
        return new(to, "interactive", delivery.Reference, Interactive: new(new(delivery.Text), new(buttons)));
    }

    // The buttons' labels are the template's own; what they bring back is ours. Only what has parameters may be named.
    private static TemplateBody TemplateOf(ProviderTemplate template, IReadOnlyList<Button> buttons)
    {
        var components = new List<TemplateComponent>();
        if (template.Values.Count > 0)
        {
            components.Add(new("body", [.. template.Values.Select(value => new TemplateParameter("text", Text: OneLine(value)))]));
        }
        for (var i = 0; i < buttons.Count; i++)
        {
            components.Add(new("button", [new("payload", Payload: buttons[i].Data)], "quick_reply", $"{i}"));
        }
        return new(template.Name, new(template.Language), components.Count == 0 ? null : [.. components]);
    }

    // Meta refuses a value with a line break, a tab or more than four spaces in a row.
    private static string OneLine(string value) => WhiteSpace().Replace(value.Trim(), " ");

    [GeneratedRegex(@"\A\+?[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
