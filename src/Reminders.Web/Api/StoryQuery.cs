using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reminders.Commands;

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
        var errors = new FieldErrors();
        errors.Add("after", $"is '{FieldErrors.Cut(given)}': it should be the former page's next, unchanged.");
        return TypedResults.ValidationProblem(errors.All);
    }
}
