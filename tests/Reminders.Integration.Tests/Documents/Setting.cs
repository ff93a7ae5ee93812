using System.Globalization;
using System.Reflection;
using Reminders.Channels;
using Reminders.Kinds;

namespace Reminders.Integration.Tests.Documents;

/// <summary>One setting, as its options class declares it.</summary>
/// <param name="Key">Its whole path: <c>Outbox:InFlight</c>.</param>
/// <param name="Type">What a value of it is, in words.</param>
/// <param name="Default">What a new options object has, in words.</param>
/// <param name="Words">Its documentation comment.</param>
internal sealed record Setting(string Key, string Type, string Default, string Words)
{
    /// <summary>The settings below <paramref name="prefix"/>, in the order of their declaration, with the values that
    /// <paramref name="options"/> has.</summary>
    public static IEnumerable<Setting> Of(string prefix, object options)
    {
        foreach (var property in Properties(options.GetType()))
        {
            var (key, value) = ($"{prefix}{property.Name}", property.GetValue(options));
            if (value is IDictionary<string, ChannelLimits> limits)
            {
                foreach (var limit in Properties(typeof(ChannelLimits)))
                {
                    yield return new(
                        $"{key}:<channel>:{limit.Name}",
                        TypeName(limit.PropertyType),
                        ByChannel(limits, limit),
                        DocComments.SummaryOf(limit)
                    );
                }
            }
            else if (value is not null && IsGroup(property.PropertyType))
            {
                foreach (var inner in Of($"{key}:", value))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return new(key, TypeName(property.PropertyType), Shown(value), DocComments.SummaryOf(property));
            }
        }
    }

    /// <summary>The enumerations among them, each with the setting that takes it.</summary>
    public static IEnumerable<(string Key, Type Values)> Choices(string prefix, Type options) =>
        from property in Properties(options)
        from found in IsGroup(property.PropertyType) ? Choices($"{prefix}{property.Name}:", property.PropertyType)
        : Leaf(property.PropertyType) is { IsEnum: true } values ? [($"{prefix}{property.Name}", values)]
        : Array.Empty<(string, Type)>()
        select found;

    /// <summary>An options object within another.</summary>
    public static bool IsGroup(Type type) =>
        type is { IsClass: true, IsGenericType: false } && type.Assembly.GetName().Name!.StartsWith("Reminders", StringComparison.Ordinal);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .OrderBy(property => property.MetadataToken);

    private static string ByChannel(IDictionary<string, ChannelLimits> limits, PropertyInfo limit) =>
        string.Join(", ", [.. limits.Select(one => $"{one.Key} {Shown(limit.GetValue(one.Value))}"), "others none"]);

    private static Type Leaf(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsGenericType ? plain.GetGenericArguments()[^1] : plain;
    }

    private static string TypeName(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            { IsEnum: true } choice => string.Join(", ", Enum.GetNames(choice).Select(name => $"`{name}`")),
            { IsGenericType: true } many when many.GetGenericArguments().Length == 2 => many.GetGenericArguments()[1]
            == typeof(AnswerDefinition)
                ? "by name: a section of its own, below"
                : $"by name: {TypeName(many.GetGenericArguments()[1])}",
            { IsGenericType: true } many => $"list: {TypeName(many.GetGenericArguments()[0])}",
            var one when one == typeof(TimeSpan) => "duration",
            var one when one == typeof(bool) => "true or false",
            var one when one == typeof(int) || one == typeof(long) => "whole number",
            var one when one == typeof(double) => "number",
            var one when one == typeof(Uri) => "URL",
            _ => "text",
        };

    private static string Shown(object? value) =>
        value switch
        {
            null or "" or System.Collections.ICollection { Count: 0 } => "none",
            bool flag => flag ? "true" : "false",
            string name when name == Environment.MachineName => "the host's name",
            // "c" has seven digits of a fraction where there is one.
            TimeSpan time => $"`{time.ToString(time.Milliseconds == 0 ? "c" : @"hh\:mm\:ss\.ff", CultureInfo.InvariantCulture)}`",
            _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        };
}
