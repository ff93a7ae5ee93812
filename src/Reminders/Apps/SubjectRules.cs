using System.Diagnostics.Contracts;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reminders.Commands;

namespace Reminders.Apps;

/// <summary>What an app may say of a subject. Pure. Every wrong field is named, with its value.</summary>
[Pure]
internal static class SubjectRules
{
    public const int MostParties = 1000;
    private const int MostData = 64 * 1024;

    /// <summary>Those that the engine keeps by other commands.</summary>
    private static readonly string[] Taken = ["booking", "person"];

    public static FieldErrors Check(Subject? subject)
    {
        var errors = new FieldErrors();
        if (subject is null)
        {
            errors.Add("subject", "wrong.null_subject");
            return errors;
        }

        errors.Line("type", subject.Type, 64, required: true);
        if (Taken.Contains(subject.Type))
        {
            errors.Add("type", "wrong.engines_own", subject.Type);
        }

        errors.Name("key", subject.Key, 200, required: true);
        errors.Line("status", subject.Status, 32, required: true);
        if (subject.HappensAt is { } at && at.UtcDateTime.Year is < 2000 or > 2200)
        {
            errors.Add("happensAt", "wrong.year", $"{at:O}");
        }

        Parties(errors, subject.Parties ?? []);
        return errors;
    }

    private static void Parties(FieldErrors errors, IReadOnlyList<Party> parties)
    {
        if (parties.Count > MostParties)
        {
            errors.Add("parties", "wrong.at_most", parties.Count, MostParties);
        }

        for (var i = 0; i < parties.Count && !errors.IsFull; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"parties[{i}]");
            errors.Line($"{at}.role", parties[i]?.Role, 32, required: true);
            if (parties[i]?.Person is null)
            {
                errors.Add($"{at}.person", "wrong.null_person");
            }
        }
    }

    /// <summary>The data as a JSON object; null where there is none, or where it is wrong.</summary>
    public static string? Data(object? data, FieldErrors errors)
    {
        if (data is null)
        {
            return null;
        }

        JsonNode? json;
        try
        {
            json = JsonSerializer.SerializeToNode(data, JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException)
        {
            errors.Add("data", "wrong.unwritable", data.GetType().Name);
            return null;
        }

        if (json is not JsonObject)
        {
            errors.Add("data", "wrong.no_names", data.GetType().Name);
            return null;
        }

        var text = json.ToJsonString();
        if (text.Length > MostData)
        {
            errors.Add("data", "wrong.long_json", text.Length, MostData);
        }

        if (text.Contains("\\u0000", StringComparison.Ordinal))
        {
            errors.Add("data", "wrong.nul_kept");
        }

        return text;
    }
}
