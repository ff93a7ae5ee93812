using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>A secret may be a file: Docker, Kubernetes and systemd give it so, and no environment shows it then.</summary>
public sealed class SecretFiles(Postgres postgres) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reminders-secrets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Each_file_of_the_folder_is_a_setting_for_every_command()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        Write("ConnectionString", connectionString + "\n");
        // As Kubernetes lays it out: what is shown is a link to what is hidden.
        Write("..data", "not a setting");
        var (code, output, errors) = await RunAsync(("SecretsFolder", _folder.FullName));
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("every script was applied already", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_underscores_in_a_name_are_a_colon_and_the_environment_wins()
    {
        Write("Outbox__InFlight", "0\n");
        Write("ConnectionString", "Host=nowhere.invalid\n");
        var connectionString = await postgres.CreateDatabaseAsync();
        var (code, _, errors) = await CommandLine.RunAsync(
            connectionString,
            new Dictionary<string, string> { ["SecretsFolder"] = _folder.FullName },
            "outbox",
            "list"
        );
        Assert.Equal(2, code);
        Assert.StartsWith("setting Outbox:InFlight is 0", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_one_line()
    {
        var missing = Path.Combine(_folder.FullName, "nowhere");
        var (code, _, errors) = await RunAsync(("SecretsFolder", missing));
        Assert.Equal(2, code);
        Assert.StartsWith($"setting SecretsFolder is '{missing}': there is no such folder", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync((string Key, string Value) setting) =>
        CommandLine.RunAsync(null, new Dictionary<string, string> { [setting.Key] = setting.Value }, "migrate");
}
