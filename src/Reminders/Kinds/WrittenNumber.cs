using System.Globalization;

namespace Reminders.Kinds;

/// <summary>
/// A number among a text's values: with a format of the template's as the reader's language writes it, without one as it came.
/// </summary>
internal sealed record WrittenNumber(decimal Value, string Given) : IFormattable
{
    /// <summary>Null for what is no number of a size that anybody writes into a text: that stays the text it is.</summary>
    public static WrittenNumber? From(string given) =>
        decimal.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? new(value, given) : null;

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.IsNullOrEmpty(format) ? Given : Value.ToString(format, formatProvider);

    public override string ToString() => Given;
}
