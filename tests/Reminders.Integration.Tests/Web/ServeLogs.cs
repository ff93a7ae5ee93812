using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>What collects a node's log reads it in the form that the settings choose.</summary>
public sealed class ServeLogs(Postgres postgres) : IAsyncLifetime
{
    private const string Chosen = "Logging__Console__FormatterName";
    private readonly string _folder = Directory.CreateTempSubdirectory("reminders-logs-").FullName;
    private Cluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await Cluster.StartAsync(postgres, nodes: 0);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task In_json_every_line_is_an_object_from_the_first_to_the_last()
    {
        await using var node = await ServeProcess.StartAsync(
            _cluster,
            _folder,
            (Chosen, "json"),
            ("Logging__LogLevel__Default", "Information"),
            ("Telegram__ApiBaseUrl", "http://127.0.0.1:9/")
        );
        node.Terminate();
        Assert.Equal(0, await node.EndAsync());
        var lines = node.Lines.Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        Assert.All(lines, line => Assert.Contains("Category", line));
        var ready = Assert.Single(lines, line => ((string)line["Message"]!).StartsWith("ready ", StringComparison.Ordinal));
        Assert.Equal(node.Address, new Uri((string)ready["State"]!["Address"]!));
        // What a person at a terminal is told on standard error is a line of the log here.
        Assert.Contains(lines, line => ((string)line["Message"]!).StartsWith("Telegram does not answer", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Errors, line => line.Length > 0);
    }

    [Theory]
    [InlineData("systemd", "<6>Reminders.")]
    [InlineData("simple", "info: Reminders.")]
    [InlineData("Reminders", "info: Reminders.")]
    public async Task The_other_formatters_work_as_well(string formatter, string begins)
    {
        await using var node = await ServeProcess.StartAsync(
            _cluster,
            _folder,
            (Chosen, formatter),
            ("Logging__LogLevel__Default", "Information")
        );
        await Eventually.TrueAsync(
            () => Task.FromResult(node.Lines.Any(line => line.StartsWith(begins, StringComparison.Ordinal))),
            TimeSpan.FromSeconds(40),
            "a line of the log"
        );
    }

    [Fact]
    public async Task A_formatter_that_is_none_is_one_line()
    {
        var (code, errors) = await ServeProcess.FailAsync(_cluster, _folder, (Chosen, "yaml"));
        Assert.Equal(2, code);
        Assert.StartsWith("setting Logging:Console:FormatterName is 'yaml'", errors[0], StringComparison.Ordinal);
        Assert.Single(errors, line => line.Length > 0);
    }
}
