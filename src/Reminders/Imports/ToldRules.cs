using System.Diagnostics.Contracts;
using System.Globalization;
using System.Text.Json;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Notifications;
using Reminders.Words;

namespace Reminders.Imports;

/// <summary>A row that is right by itself.</summary>
/// <param name="Place">How it is called in what is said of it.</param>
/// <param name="Fingerprint">What tells it from another in its window.</param>
internal sealed record Told(
    string Place,
    KindDefinition Kind,
    string Subject,
    string Recipient,
    string Name,
    DateTimeOffset SentAt,
    long? Version,
    DateTimeOffset? StartsAt,
    string Channel,
    string Fingerprint
);

/// <summary>What a row must be, as far as the row alone tells. Fields go by their names in a file.</summary>
internal static class ToldRules
{
    private const string Inbox = "inbox";

    /// <summary>For a kind none of whose channels is configured here.</summary>
    private const string Elsewhere = "elsewhere";

    [Pure]
    public static List<Told> Check(IReadOnlyList<ToldRow> rows, KindCatalog kinds, DateTimeOffset now, ToldProblems problems)
    {
        var told = new List<Told>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var place = string.Create(
                CultureInfo.InvariantCulture,
                $"{(row.Line is { } line ? $"{ToldProblems.Line}{line}" : $"rows[{i}]")}"
            );
            var errors = new FieldErrors();
            if (One(row, place, kinds, now, errors) is { } right)
            {
                told.Add(right);
            }
            else
            {
                problems.Add(place, errors.All);
            }
        }
        return told;
    }

    private static Told? One(ToldRow row, string place, KindCatalog kinds, DateTimeOffset now, FieldErrors errors)
    {
        errors.Line("subject", row.Subject, 200, required: true);
        errors.Line("recipient", row.Recipient, 200, required: true);
        errors.Line("name", row.Name, 200, required: false);
        CheckSentAt(row, now, errors);
        if (Kind(row, kinds, errors) is not { } kind)
        {
            return null;
        }

        if (row.SubjectType is { } type && type != kind.Subject)
        {
            errors.Add("subject_type", "wrong.about_another", FieldErrors.Cut(type), kind.Name, kind.Subject);
        }

        var channel = row.Channel ?? kind.Channels.FirstOrDefault() ?? Elsewhere;
        if (row.Channel is not null && channel != Inbox && kinds.Channels.Find(channel) is null)
        {
            var known = string.Join(", ", kinds.Channels.All.Select(one => one.Name).Append(Inbox));
            errors.Add("channel", "wrong.no_channel", FieldErrors.Cut(channel), known);
        }

        var data = Typed(kind, row.Data);
        CheckVersion(row, kind, errors);
        CheckWindow(kind, data, errors);
        return errors.Count > 0
            ? null
            : new(
                place,
                kind,
                kind.IsAskedFor ? row.Subject!.Trim() : Booking(row.Subject!),
                row.Recipient!.Trim(),
                string.IsNullOrWhiteSpace(row.Name) ? row.Recipient!.Trim() : row.Name.Trim(),
                row.SentAt!.Value.ToUniversalTime(),
                row.Version,
                row.StartsAt?.ToUniversalTime(),
                channel,
                NotifyRules.Fingerprint(kind, data)
            );
    }

    private static KindDefinition? Kind(ToldRow row, KindCatalog kinds, FieldErrors errors)
    {
        if (kinds.Find(row.Kind ?? "") is { } kind && (kind.IsAskedFor || kind.Subject == "booking"))
        {
            return kind;
        }

        var known = kinds.Kinds.Values.Where(one => one.IsAskedFor || one.Subject == "booking").Select(one => one.Name);
        errors.Add("kind", "wrong.no_kind_here", FieldErrors.Cut(row.Kind ?? ""), string.Join(", ", known));
        return null;
    }

    private static void CheckSentAt(ToldRow row, DateTimeOffset now, FieldErrors errors)
    {
        if (row.SentAt is not { } sentAt)
        {
            errors.Add("sent_at", "wrong.required", new Sentence("form.sent_at"));
        }
        else if (sentAt > now + TimeSpan.FromMinutes(1))
        {
            errors.Add("sent_at", "wrong.to_come", $"{sentAt:O}", $"{now:O}");
        }
    }

    private static void CheckVersion(ToldRow row, KindDefinition kind, FieldErrors errors)
    {
        if (row.Version is < 1 or > NotifyRules.HighestVersion)
        {
            errors.Add("version", "wrong.between", row.Version, 1, NotifyRules.HighestVersion);
        }

        if (kind.IsAskedFor && row.Version is not null && kind.Identity != IdentityPolicy.Version)
        {
            errors.Add("version", "wrong.no_versions", row.Version, kind.Name, kind.Identity.ToString().ToLowerInvariant());
        }

        if (kind.IsAskedFor && row.StartsAt is { } start)
        {
            errors.Add("starts_at", "wrong.no_booking_start", $"{start:O}", kind.Name);
        }

        if (!kind.IsAskedFor && (row.Version is null) == (row.StartsAt is null))
        {
            errors.Add("starts_at", "wrong.start_or_version");
        }

        if (!kind.IsAskedFor && row.Subject is { } subject && !Guid.TryParse(subject, out _))
        {
            errors.Add("subject", "wrong.not", FieldErrors.Cut(subject), new Sentence("form.booking_here"));
        }
    }

    private static void CheckWindow(KindDefinition kind, IReadOnlyDictionary<string, JsonElement>? data, FieldErrors errors)
    {
        if (kind.Identity != IdentityPolicy.Window)
        {
            return;
        }

        var given = data ?? new Dictionary<string, JsonElement>();
        var needed = kind.WindowBy.ToDictionary(name => name, name => kind.Data.TryGetValue(name, out var type) ? type : "text?");
        foreach (var (name, problem) in DeclaredData.Problems(needed, given.Where(one => needed.ContainsKey(one.Key)).ToDictionary()))
        {
            errors.Add($"data.{FieldErrors.Cut(name)}", problem);
        }
    }

    /// <summary>A file knows only texts; what the kind calls a number is one, or the window would be another.</summary>
    private static IReadOnlyDictionary<string, JsonElement>? Typed(KindDefinition kind, IReadOnlyDictionary<string, JsonElement>? data) =>
        data?.ToDictionary(one => one.Key, one => Typed(kind.Data.TryGetValue(one.Key, out var type) ? type.TrimEnd('?') : "", one.Value));

    private static JsonElement Typed(string type, JsonElement value)
    {
        if (type is not ("number" or "flag") || value.ValueKind != JsonValueKind.String)
        {
            return value;
        }

        try
        {
            return JsonElement.Parse(value.GetString()!);
        }
        catch (JsonException)
        {
            return value; // What is wrong with it is said where data are checked.
        }
    }

    private static string Booking(string subject) => Guid.TryParse(subject, out var id) ? id.ToString() : subject;
}
