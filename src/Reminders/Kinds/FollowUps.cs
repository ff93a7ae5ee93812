using System.Diagnostics.Contracts;

namespace Reminders.Kinds;

/// <summary>Kinds that follow another (<see cref="KindDefinition.After"/>), held against the others. Pure.</summary>
[Pure]
internal static class FollowUps
{
    /// <summary>What is wrong with what <paramref name="kind"/> follows, or null.</summary>
    public static string? ProblemOf(KindDefinition kind, IReadOnlyDictionary<string, KindDefinition> kinds)
    {
        var at = $"Kinds:{kind.Name}:After";
        if (kind.IsAskedFor)
        {
            return $"{at} is {kind.After}: a kind that is asked for by name (without On) has a Delay.";
        }

        if (!kinds.TryGetValue(kind.After, out var first))
        {
            return $"{at} is '{kind.After}', which is no kind; there are "
                + $"{string.Join(", ", kinds.Keys.Where(name => name != kind.Name).Order(StringComparer.Ordinal))}.";
        }

        if (first.IsAskedFor)
        {
            return $"{at} is {first.Name}, which is asked for by name (without On), so its versions are not its subject's.";
        }

        if (first.Subject != kind.Subject)
        {
            return $"{at} is {first.Name}, which is about a {first.Subject}: it must be a kind about a {kind.Subject}, as {kind.Name} is.";
        }

        return Circle(kind, kinds) is { } circle
            ? $"{at} is {kind.After}, which comes back to {kind.Name} ({circle}): none of them could ever be sent."
            : null;
    }

    private static string? Circle(KindDefinition kind, IReadOnlyDictionary<string, KindDefinition> kinds)
    {
        var way = new List<string> { kind.Name };
        for (var next = kind.After; kinds.TryGetValue(next, out var one) && !way.Contains(next); next = one.After)
        {
            way.Add(next);
        }

        return kinds.TryGetValue(way[^1], out var last) && last.After == kind.Name ? string.Join(" after ", way.Append(kind.Name)) : null;
    }
}
