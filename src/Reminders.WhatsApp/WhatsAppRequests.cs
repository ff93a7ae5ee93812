using System.Text.Json.Serialization;

namespace Reminders.WhatsApp;

// The one call the engine makes, in Meta's own words (the JSON names are these in snake_case; what is null is left out).

/// <param name="To">The number, digits only.</param>
/// <param name="Type">Which of the three bodies is there: <c>text</c>, <c>interactive</c> or <c>template</c>.</param>
/// <param name="BizOpaqueCallbackData">Comes back with every status of the message: the only way to find a message whose reply was
/// lost.</param>
internal sealed record MessageRequest(
    string To,
    string Type,
    string BizOpaqueCallbackData,
    TextBody? Text = null,
    InteractiveBody? Interactive = null,
    TemplateBody? Template = null
)
{
    public string MessagingProduct => "whatsapp";

    public string RecipientType => "individual";
}

/// <param name="Body">At most 4096 characters.</param>
internal sealed record TextBody(string Body, bool PreviewUrl = false);

internal sealed record InteractiveBody(InteractiveText Body, InteractiveAction Action)
{
    public string Type => "button";
}

/// <param name="Text">At most 1024 characters.</param>
internal sealed record InteractiveText(string Text);

/// <param name="Buttons">One to three.</param>
internal sealed record InteractiveAction(ReplyButton[] Buttons);

internal sealed record ReplyButton(ReplyTitle Reply)
{
    public string Type => "reply";
}

/// <param name="Id">What comes back with the press; at most 256 bytes.</param>
/// <param name="Title">At most 20 characters, none like another's.</param>
internal sealed record ReplyTitle(string Id, string Title);

internal sealed record TemplateBody(string Name, TemplateLanguage Language, TemplateComponent[]? Components);

internal sealed record TemplateLanguage(string Code);

/// <param name="Type"><c>body</c>, or <c>button</c> with <paramref name="SubType"/> <c>quick_reply</c> and an <paramref name="Index"/> from
/// 0.</param>
internal sealed record TemplateComponent(string Type, TemplateParameter[] Parameters, string? SubType = null, string? Index = null);

/// <param name="Type"><c>text</c>, or <c>payload</c> for what a button brings back.</param>
internal sealed record TemplateParameter(string Type, string? Text = null, string? Payload = null);

/// <summary>The reply: <c>{"messages":[{"id":"wamid…"}]}</c> or <c>{"error":{…}}</c>.</summary>
internal sealed record MessageReply(AcceptedMessage[]? Messages = null, GraphError? Error = null);

internal sealed record AcceptedMessage(string? Id = null);

/// <param name="Code">What decides. It has no default: an error without a code is no answer of Meta's.</param>
internal sealed record GraphError(int Code, string? Message = null, int? ErrorSubcode = null, GraphErrorData? ErrorData = null)
{
    public override string ToString() =>
        ErrorData?.Details is { Length: > 0 } details ? $"{Code} {Message}: {details}" : $"{Code} {Message}";
}

internal sealed record GraphErrorData(string? Details = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(MessageReply))]
internal sealed partial class WhatsAppJson : JsonSerializerContext;
