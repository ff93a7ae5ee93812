using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Words;
using Reminders.Zones;

namespace Reminders.Outbox;

/// <param name="TellsTime">Whether the text tells a time on the reader's clock.</param>
internal readonly record struct RenderedMessage(Delivery Delivery, bool TellsTime);

/// <summary>
/// Turns a started message into what goes over the wire, from the subject as it is now: a pending message is always
/// fresh, and an edit shows whatever became of its subject.
/// </summary>
internal sealed class MessageRenderer(KindCatalog kinds, RemindersOptions options)
{
    /// <param name="channel">That it goes over.</param>
    /// <exception cref="KeyNotFoundException">The kind, a text or a value it asks for is missing.</exception>
    /// <exception cref="UnknownZoneException">It tells a time, and this node does not know the reader's zone.</exception>
    public RenderedMessage Render(StartedMessage message, ChannelTraits channel)
    {
        var capacity = channel.Capacity;
        var kind = kinds.Find(message.Kind) ?? throw new UnrenderableException(Reasons.Of("kind_gone", message.Kind));
        var texts = new KindTexts(kind, new(message.RecipientName, message.Locale, message.Zone));
        using var data = JsonDocument.Parse(message.SubjectData);
        using var own = JsonDocument.Parse(message.OccurrenceData ?? "{}");

        var (name, buttons) = Shown(message.Operation, message.Standing, message.Status, kind);
        var isDigest = own.RootElement.ValueKind == JsonValueKind.Array;
        // A digest of one is that one.
        if (isDigest && own.RootElement.GetArrayLength() > 1)
        {
            return new(Digest(message, kind, texts, channel, own.RootElement), texts.ToldTime);
        }

        var values = isDigest ? own.RootElement[0] : own.RootElement;

        var buttonNames = buttons.ToArray();
        var link = kind.AnswerLink && buttonNames.Length > 0 ? Link(message) : null;
        texts.AnswerLink = link;
        string Render(string text) => texts.Render(text, message.HappensAt, values, data.RootElement);
        IReadOnlyList<Button> labelled =
        [
            .. buttonNames.Select(button => new Button(Render(button), ButtonData.Of(button, message.PressToken))),
        ];
        // A text that does not say where the link goes has it below.
        var below = link is null || texts.Says(name, KindTexts.AnswerLinkName) ? "" : $"\n\n{link}";
        var parts = Fit(message, kind, texts, name, capacity, below, labelled.Count > 0, values, data.RootElement);
        var delivery = Written(message, channel, parts, texts.Has("subject") ? Render("subject") : null, labelled) with
        {
            Template = texts.Has("whatsapp_template") ? Template(texts, Render) : null,
        };
        return new(delivery, texts.ToldTime);
    }

    /// <summary>The reason that stands for what <see cref="Render"/> threw.</summary>
    public static string WhyNot(Exception exception) =>
        exception switch
        {
            UnrenderableException { Why: var why } => why,
            UnknownZoneException { Zone: var zone } => Reasons.Of("zone_unknown", zone),
            _ => Reasons.Said(exception.Message),
        };

    private string? Link(StartedMessage message) =>
        options.PublicUrl is { } url && message.LinkSecret is { } secret
            ? new Uri(url, AnswerLink.Path + AnswerLink.Of(secret, message.PressToken, message.Address)).AbsoluteUri
            : null;

    private Delivery Digest(StartedMessage message, KindDefinition kind, KindTexts texts, ChannelTraits channel, JsonElement parts)
    {
        var items = parts.EnumerateArray().Select(part => texts.Render("text", message.HappensAt, part));
        var whole = JsonSerializer.SerializeToElement(
            new JsonObject { ["count"] = parts.GetArrayLength(), ["items"] = string.Join('\n', items) }
        );
        string Render(string text) => texts.Render(text, message.HappensAt, whole, parts[0]);
        return Written(
            message,
            channel,
            Fit(message, kind, texts, "digest", channel.Capacity, below: "", withButtons: false, whole, parts[0]),
            texts.Has("digest_subject") ? Render("digest_subject")
                : texts.Has("subject") ? Render("subject")
                : null,
            []
        );
    }

    /// <summary>The text as one message, or as several; nothing of it is dropped without saying so.</summary>
    private static IReadOnlyList<string> Fit(
        StartedMessage message,
        KindDefinition kind,
        KindTexts texts,
        string name,
        TextCapacity capacity,
        string below,
        bool withButtons,
        params IReadOnlyList<JsonElement> data
    )
    {
        var most = capacity.Most(withButtons) - capacity.Measure(below);
        var text = texts.Render(name, message.HappensAt, data);
        if (capacity.Measure(text) <= most)
        {
            return [text + below];
        }

        var parts =
            kind.TooLong == TooLong.Split && message.Operation == DeliveryOperation.Send
                ? FittedText.Split(text, capacity, capacity.Longest, most)
                : [texts.RenderWithin(name, capacity, most, message.HappensAt, data)];
        return [.. parts.SkipLast(1), parts[^1] + below];
    }

    private Delivery Written(
        StartedMessage message,
        ChannelTraits channel,
        IReadOnlyList<string> parts,
        string? subject,
        IReadOnlyList<Button> buttons
    ) =>
        new(
            message.Claim.Id.ToString(CultureInfo.InvariantCulture),
            message.Operation,
            message.Address,
            parts[^1],
            buttons,
            message.TargetProviderId
        )
        {
            Preceding = [.. parts.SkipLast(1)],
            StableId = message.StableId,
            Subject = subject,
            Html = subject is null ? null : HtmlText.Of(parts[^1]),
            Unsubscribe = options.PublicUrl is { } url ? new Uri(url, UnsubscribePath(message, channel)) : null,
        };

    /// <summary>One of several mail channels is named in it: whoever leaves that one still wants the others.</summary>
    private static string UnsubscribePath(StartedMessage message, ChannelTraits channel) =>
        channel.Provider == ChannelNames.Mail && channel.Name != ChannelNames.Mail
            ? $"unsubscribe/{channel.Name}/{message.UnsubscribeCode}"
            : $"unsubscribe/{message.UnsubscribeCode}";

    private static ProviderTemplate Template(KindTexts texts, Func<string, string> render) =>
        new(
            render("whatsapp_template"),
            texts.Locale.Replace('-', '_'),
            texts.Has("whatsapp_values") ? render("whatsapp_values").Split('\n') : []
        );

    /// <summary>Which text shows the present state, with which buttons: of an answered question those that would
    /// still change it. A confirmed candidate may still decline.</summary>
    internal static (string Text, IEnumerable<string> Buttons) Shown(
        DeliveryOperation operation,
        Standing standing,
        string status,
        KindDefinition kind
    ) =>
        (operation, standing, status) switch
        {
            (DeliveryOperation.Send, _, _) => ("text", kind.Buttons),
            (_, Standing.Gone, _) or (_, _, "cancelled") => ("cancelled", []),
            (_, Standing.Replaced, _) => ("moved", []),
            _ when kind.Answers.Values.FirstOrDefault(answer => answer.Closes && answer.Status == status) is { } given => (
                given.ReplyText,
                kind.Buttons.Where(button => given.Outcome == AnswerThen.Changeable && button != given.Key && kind.Answers[button].Closes)
            ),
            // Answered elsewhere, by an answer that this kind does not offer.
            _ when kind.AnsweredIn.Contains(status) => ("text", []),
            _ => ("text", kind.Buttons),
        };
}
