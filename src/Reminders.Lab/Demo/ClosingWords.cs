using Reminders.Cli;

namespace Reminders.Lab.Demo;

/// <summary>Where to look while the demo is up.</summary>
internal static class ClosingWords
{
    public static void Say(Narrator narrator, DemoStage stage, DemoOptions options)
    {
        narrator.Chapter("It stays up until Ctrl-C. In another terminal:");
        foreach (var node in stage.Alive)
        {
            narrator.Plain($"  the API        {node.Address}   ({node.Name})");
            narrator.Plain($"                 curl -H 'Authorization: Bearer {stage.ApiKey}' '{node.Address}api/outbox?state=uncertain'");
        }
        if (stage is { ConsoleCode: { } code, Alive: var alive } && alive.FirstOrDefault() is { } first)
        {
            narrator.Plain($"  the console    {first.Address}console/join?code={code}   (an account for an administrator: one hour, once)");
        }

        narrator.Plain(
            $"  what arrived   curl {stage.Telegram.BaseAddress}sandbox/messages    (and press buttons: curl {stage.Telegram.BaseAddress})"
        );
        narrator.Plain("  why            ./dev explain <booking>, ./dev doctor, ./dev outbox list");
        narrator.Plain($"  the database   psql '{PsqlUri(stage.ConnectionString)}'");
        narrator.Plain(
            "  the nodes      "
                + $"{string.Join("  ", stage.Nodes.Select(node => Path.GetRelativePath(Environment.CurrentDirectory, node.LogFile!)))}"
        );
        narrator.Plain(
            $"  their settings {Path.GetRelativePath(Environment.CurrentDirectory, ProgramSettings.DemoFileIn(options.Folder))}"
        );
    }

    private static string PsqlUri(string connectionString)
    {
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}";
    }
}
