using System.Diagnostics.Contracts;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Notifications;

/// <summary>What may be asked for. Pure: <c>now</c> is an argument. Every wrong field is named, with its value.</summary>
[Pure]
internal static class NotifyRules
{
    /// <summary>
    /// Every JSON reader keeps whole numbers up to 2^53 exactly. What is left above this is for the engine's own step from a
    /// caller's version to the next.
    /// </summary>
    public const long HighestVersion = 9_000_000_000_000_000;

    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    // More than any channel shows; it is kept with the ledger.
    private const int MostCharacters = 8 * 1024;

    // The fingerprint is part of a key, and PostgreSQL's indexes take no more than 2704 bytes (54000).
    private const int LongestKeyText = 256;
    private const int LongestFingerprint = 2000;

    public static WrongFields Check(Notify request, KindCatalog kinds, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        errors.Line("kind", request.Kind, 64, required: true);
        errors.Line("subject", request.Subject, 200, required: true);
        if (!string.IsNullOrWhiteSpace(request.Kind))
        {
            CheckKind(errors, request, kinds);
        }

        if (request.Version is < 1 or > HighestVersion)
        {
            errors.Add("version", "wrong.between", request.Version, 1, HighestVersion);
        }

        CheckRecipients(errors, request);
        CheckDue(errors, request, now);
        return errors.All;
    }

    public static DateTimeOffset DueAt(KindDefinition kind, Notify request, DateTimeOffset now)
    {
        var due = request.Due ?? now + (request.DelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : kind.Delay);
        if (kind.Digest is { } time)
        {
            return Ceil(due, time);
        }
        // Due times share whole seconds, so that many share one trigger; what is due already is due now.
        return due <= now ? now : Ceil(due, TimeSpan.FromSeconds(1));
    }

    /// <summary>The data that makes it another notification, as one text: names and values cannot run into each other.</summary>
    public static string Fingerprint(KindDefinition kind, IReadOnlyDictionary<string, JsonElement>? data)
    {
        var text = new StringBuilder();
        foreach (var name in kind.WindowBy.Order(StringComparer.Ordinal))
        {
            text.Append(name)
                .Append('=')
                .Append(data is not null && data.TryGetValue(name, out var value) ? JsonSerializer.Serialize(value) : "")
                .Append('\n');
        }

        return text.ToString();
    }

    private static void CheckKind(FieldErrors errors, Notify request, KindCatalog kinds)
    {
        var askable = kinds.Kinds.Values.Where(one => one.IsAskedFor).Select(one => one.Name);
        if (kinds.Find(request.Kind!) is not { IsAskedFor: true } kind)
        {
            errors.Add("kind", "wrong.no_asked_kind", FieldErrors.Cut(request.Kind!), string.Join(", ", askable));
            return;
        }
        if (request.Version is not null && kind.Identity != IdentityPolicy.Version)
        {
            errors.Add("version", "wrong.policy_no_versions", request.Version, kind.Name, kind.Identity.ToString().ToLowerInvariant());
        }

        var problems = DeclaredData.Problems(kind.Data, request.Data).Take(FieldErrors.Most).ToArray();
        foreach (var (name, problem) in problems)
        {
            errors.Add($"data.{FieldErrors.Cut(name)}", problem);
        }

        foreach (var name in kind.WindowBy.Except(problems.Select(problem => problem.Name)))
        {
            if (
                request.Data?.GetValueOrDefault(name) is { ValueKind: JsonValueKind.String } text
                && text.GetString()!.Length is > LongestKeyText and var length
            )
            {
                errors.Add($"data.{name}", "wrong.long_key", length, LongestKeyText);
            }
        }
        // What is no text (half a surrogate pair) has no length either.
        if (problems.Length > 0)
        {
            return;
        }

        if (kind.WindowBy.Count > 0 && Encoding.UTF8.GetByteCount(Fingerprint(kind, request.Data)) is > LongestFingerprint and var bytes)
        {
            errors.Add($"data.{kind.WindowBy[0]}", "wrong.long_keys", string.Join(", ", kind.WindowBy), bytes, LongestFingerprint);
        }

        if (request.Data is { } data && DeclaredData.Characters(data) is > MostCharacters and var size)
        {
            errors.Add("data", "wrong.long_data", size, MostCharacters);
        }

        foreach (var problem in KindTextRules.TooLongFor(kind, request.Data, kinds.Channels))
        {
            errors.Add("data", problem);
        }
    }

    private static void CheckRecipients(FieldErrors errors, Notify request)
    {
        errors.Line("group", request.Group, 100, required: false);
        if ((request.Recipients is null) == (request.Group is null))
        {
            errors.Add(
                "recipients",
                request.Group is null ? new Sentence("wrong.required", new Sentence("form.people")) : new("wrong.also", "group")
            );
            return;
        }
        if (request.Recipients is { } recipients)
        {
            if (recipients.Count is 0 or > Notify.Most)
            {
                errors.Add("recipients", "wrong.expected_count", recipients.Count, Notify.Most);
            }

            for (var i = 0; i < recipients.Count && !errors.IsFull; i++)
            {
                errors.Line($"recipients[{i.ToString(CultureInfo.InvariantCulture)}]", recipients[i], 200, required: true);
            }
        }
    }

    private static void CheckDue(FieldErrors errors, Notify request, DateTimeOffset now)
    {
        if (request is { Due: not null, DelaySeconds: not null })
        {
            errors.Add("delaySeconds", "wrong.also", "due");
        }

        if (request.DelaySeconds is < 0 or > 366 * 24 * 3600)
        {
            errors.Add("delaySeconds", "wrong.within_year", request.DelaySeconds, 366 * 24 * 3600);
        }

        if (request.Due is { } due && due < now - TimeSpan.FromMinutes(1))
        {
            errors.Add("due", "wrong.past", $"{due:O}", $"{now:O}");
        }

        if (request.Due > now + Furthest)
        {
            errors.Add("due", "wrong.too_far", $"{request.Due:O}", $"{now:O}");
        }
    }

    private static DateTimeOffset Ceil(DateTimeOffset instant, TimeSpan step)
    {
        var excess = instant.UtcTicks % step.Ticks;
        return excess == 0 ? instant : new DateTimeOffset(instant.UtcTicks - excess + step.Ticks, TimeSpan.Zero);
    }
}
