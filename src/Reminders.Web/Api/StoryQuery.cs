using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reminders.Commands;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>Reads where a page of a story begins.</summary>
internal static class StoryQuery
{
    /// <returns>Null when it can be read; else how to refuse it.</returns>
    public static IResult? After(string? given, out long? after)
    {
        after = null;
        if (string.IsNullOrEmpty(given))
        {
            return null;
        }

        if (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            after = number;
            return null;
        }
        return new WrongFieldsResult(WrongFields.Of("after", "wrong.not", FieldErrors.Cut(given), new Sentence("form.next")));
    }
}
