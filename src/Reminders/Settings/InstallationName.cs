using System.Text.RegularExpressions;

namespace Reminders.Settings;

/// <summary>
/// What the app calls one of several installations that it has: a tenant's. Its log, metrics and connections say it. Empty for the one that
/// is not named.
/// </summary>
internal sealed partial record InstallationName
{
    // Room for "_quartz" within a schema's forty.
    private const int Longest = 32;

    public static readonly InstallationName None = new("");

    private InstallationName(string value) => Value = value;

    public string Value { get; }

    public bool IsNamed => Value.Length > 0;

    /// <summary>Its schema, unless settings say otherwise: two that are named differently are two without another word.</summary>
    public string Schema => Value.Replace('-', '_');

    /// <summary>The same for Quartz's.</summary>
    public string QuartzSchema => $"{Schema}_quartz";

    /// <exception cref="ArgumentException">It is no name.</exception>
    public static InstallationName Of(string name) =>
        Form().IsMatch(name)
            ? new(name)
            : throw new ArgumentException(
                $"'{name}' is no installation's name: it should be 1 to {Longest} lower case letters, digits, - and _, and begin with a "
                    + "letter.",
                nameof(name)
            );

    /// <summary>For people: who it is.</summary>
    public string Who => IsNamed ? $"the installation '{Value}'" : "the installation without a name";

    /// <summary>A name of the process's own, told apart from the other installations'.</summary>
    public string In(string text, string between) => IsNamed ? $"{text}{between}{Value}" : text;

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
