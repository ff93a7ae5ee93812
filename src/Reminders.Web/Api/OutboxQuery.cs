using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>Reads the query of the outbox list. Each reader notes what is wrong, with the value.</summary>
internal static class OutboxQuery
{
    private const int Default = 50;
    private const int Most = 200;

    public static MessageState State(string? given, FieldErrors errors)
    {
        switch (given)
        {
            case null or "uncertain":
                return MessageState.Uncertain;
            case "dead":
                return MessageState.Dead;
            default:
                errors.Add("state", "wrong.not", FieldErrors.Cut(given), new Sentence("form.default_or", "uncertain", "dead"));
                return default;
        }
    }

    public static int Size(string? given, FieldErrors errors)
    {
        if (given is null)
        {
            return Default;
        }

        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= Most)
        {
            return size;
        }

        errors.Add("size", "wrong.size", FieldErrors.Cut(given), Most, Default);
        return Default;
    }

    /// <summary>Opaque to callers, so that the order of a list may change without breaking them.</summary>
    public static string Write(HeldCursor cursor) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cursor.At.UtcTicks}.{cursor.Id}")));

    public static HeldCursor? After(string? given, FieldErrors errors)
    {
        if (given is null)
        {
            return null;
        }

        if (
            Base64Url.IsValid(given)
            && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(given)).Split('.') is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return new(new DateTimeOffset(ticks, TimeSpan.Zero), number);
        }

        errors.Add("after", "wrong.not", FieldErrors.Cut(given), new Sentence("form.next"));
        return null;
    }
}
