using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Reminders.Commands;
using Reminders.Inbox;
using Reminders.Words;

namespace Reminders.Web.Inbox;

/// <summary>Reads the query of the list, and writes the addresses of the pages beside it. What is left empty is not asked for.</summary>
internal static class InboxQuery
{
    private const int LastPage = 100_000;

    public static bool? IsRead(string? given, FieldErrors errors)
    {
        switch (given?.ToLowerInvariant())
        {
            case null or "":
                return null;
            case "true" or "1":
                return true;
            case "false" or "0":
                return false;
            default:
                errors.Add("is_read", "wrong.not", FieldErrors.Cut(given), new Sentence("form.or", "true", "false"));
                return null;
        }
    }

    public static string? Text(string field, string? given, int longest, FieldErrors errors)
    {
        errors.Text(field, given, longest, required: false);
        return string.IsNullOrWhiteSpace(given) ? null : given;
    }

    public static InboxPlace Place(string? page, string? cursor, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(cursor))
        {
            if (!string.IsNullOrEmpty(page))
            {
                errors.Add("page", "wrong.along", "cursor");
            }

            if (Read(cursor) is { } place)
            {
                return place;
            }

            errors.Add("cursor", "wrong.not", FieldErrors.Cut(cursor), new Sentence("form.cursor"));
            return default;
        }
        if (string.IsNullOrEmpty(page))
        {
            return InboxPlace.Page(1);
        }

        if (int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= LastPage)
        {
            return InboxPlace.Page(number);
        }

        errors.Add("page", "wrong.number_to", FieldErrors.Cut(page), LastPage);
        return default;
    }

    /// <summary>The same list from another place: absolute, as Django REST framework gives it.</summary>
    public static string? Link(HttpRequest request, InboxPlace? place)
    {
        if (place is not { } there)
        {
            return null;
        }

        var query = new QueryBuilder(request.Query.Where(part => part.Key is not ("page" or "cursor"))) { { "cursor", Write(there) } };
        return UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path, query.ToQueryString());
    }

    // Opaque to callers, so that the order of a list may change without breaking them.
    private static string Write(InboxPlace place) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(place.Backwards ? 'a' : 'b')}{place.Cursor}"))
        );

    private static InboxPlace? Read(string given) =>
        Base64Url.IsValid(given)
        && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(given)) is [var direction and ('a' or 'b'), .. var number]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor)
            ? direction == 'a'
                ? InboxPlace.After(cursor)
                : InboxPlace.Before(cursor)
            : null;
}
