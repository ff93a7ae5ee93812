using Microsoft.Extensions.Configuration;
using Reminders.Cli.Serving;
using Reminders.Integration.Tests.Support;
using Reminders.Settings;
using Reminders.Web.Limits;

namespace Reminders.Integration.Tests.Documents;

/// <summary>The settings page and the sample say what the options say. After a change of an option, renew the page:
/// REMINDERS_RENEW_DOCS=1.</summary>
[Trait("Suite", "Quick")]
public sealed class SettingsReference
{
    private static readonly IConfiguration Sample = new ConfigurationBuilder()
        .AddJsonFile(Repository.PathOf("appsettings.sample.json"))
        .Build();

    [Fact]
    public Task The_settings_page_is_what_the_options_say() => WrittenPage.IsAsync(SettingsPage.Render(), "docs/settings.md");

    [Fact]
    public void Every_options_class_is_on_the_page()
    {
        var known = SettingsPage
            .Sections.SelectMany(section =>
                section.Options.GetProperties().Select(property => property.PropertyType).Append(section.Options)
            )
            .ToHashSet();
        Assert.Empty(
            from assembly in new[] { typeof(RemindersOptions), typeof(ApiOptions), typeof(TlsOptions) }
                .Select(type => type.Assembly)
                .Distinct()
            from type in assembly.GetExportedTypes()
            where type.Name.EndsWith("Options", StringComparison.Ordinal) && !known.Contains(type)
            select type.FullName
        );
    }

    [Fact]
    public void Every_setting_says_what_it_does() =>
        Assert.Empty(
            from section in SettingsPage.Sections
            from setting in SettingsPage.Settings(section.Section, section.Options)
            where setting.Words.Length == 0
            select setting.Key
        );

    [Fact]
    public void The_sample_names_every_setting()
    {
        var sample = File.ReadAllText(Repository.PathOf("appsettings.sample.json"));
        Assert.Empty(
            from section in SettingsPage.Sections.Where(section => !section.Section.StartsWith("Kinds", StringComparison.Ordinal))
            from setting in SettingsPage.Settings(section.Section, section.Options)
            where
                !sample.Contains($"\"{setting.Key.Split(':')[^1]}\"", StringComparison.Ordinal)
                && !sample.Contains(setting.Key.Replace(":", "__", StringComparison.Ordinal), StringComparison.Ordinal)
            select setting.Key
        );
    }

    [Fact]
    public void The_sample_shows_the_defaults()
    {
        foreach (
            var (section, options) in SettingsPage.Sections.Where(section => !section.Section.StartsWith("Kinds", StringComparison.Ordinal))
        )
        {
            var from = section.Length == 0 ? Sample : Sample.GetSection(section);
            var shown = Setting.Of(SettingsPage.Prefix(section), from.Get(options) ?? Activator.CreateInstance(options)!);
            // It must be given, so the sample shows its form.
            Assert.Equal(SettingsPage.Settings(section, options).Where(IsOptional), shown.Where(IsOptional));
        }

        static bool IsOptional(Setting setting) => setting.Key != nameof(RemindersOptions.ConnectionString);
    }

    [Fact]
    public void The_sample_has_no_setting_that_is_none()
    {
        var known = SettingsPage
            .Sections.SelectMany(section => SettingsPage.Settings(section.Section, section.Options))
            .Select(setting => setting.Key)
            .ToHashSet();
        Assert.Empty(
            from pair in Sample.AsEnumerable()
            where pair.Value is not null && !pair.Key.StartsWith("Logging:", StringComparison.Ordinal)
            let key = pair.Key.StartsWith("Outbox:Limits:", StringComparison.Ordinal)
                ? $"Outbox:Limits:<channel>:{pair.Key.Split(':')[^1]}"
                : pair.Key
            where !known.Contains(key)
            select pair.Key
        );
    }
}
