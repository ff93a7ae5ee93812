using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reminders.Cli;
using Reminders.Cli.Commands;
using Reminders.Integration.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Reminders.Integration.Tests.Documents;

/// <summary>The files of <c>deploy/</c> can be read, and name addresses, commands and settings that there are. They are not run.</summary>
[Trait("Suite", "Quick")]
public sealed partial class DeployFiles
{
    // What a node takes after its drain, as serve is told.
    private const int Farewell = 20;

    private static readonly HashSet<string> Known =
    [
        .. SettingsPage
            .Sections.SelectMany(section => SettingsPage.Settings(section.Section, section.Options))
            .Select(setting => setting.Key),
        SecretFiles.Setting,
        "Logging:Console:FormatterName",
    ];

    private static readonly YamlNode[] Compose = Read("compose.yaml");
    private static readonly YamlNode[] Kubernetes = Read("kubernetes.yaml");
    private static readonly string[] Unit = File.ReadAllLines(Repository.PathOf("deploy", "reminders.service"));

    [Fact]
    public void Every_setting_is_one()
    {
        string[] names =
        [
            .. Kubernetes.SelectMany(All).Where(node => Has(node, "name", "value")).Select(node => Text(node["name"])),
            .. Compose
                .SelectMany(All)
                .Where(node => Has(node, "environment"))
                .SelectMany(node => ((YamlMappingNode)node["environment"]).Children.Keys)
                .Select(Text),
            // A secret's name as a file is a setting's.
            .. Compose.SelectMany(All).Where(node => Has(node, "source", "target")).Select(node => Text(node["target"])),
            .. UnitValues("Environment").Concat(UnitValues("LoadCredential")).Select(value => value.Split('=', ':')[0]),
        ];
        Assert.True(names.Length > 15, $"only {names.Length} settings were found");
        Assert.Empty(
            from name in names
            where !name.StartsWith("POSTGRES_", StringComparison.Ordinal) && !name.StartsWith("DOTNET_", StringComparison.Ordinal)
            where !Known.Contains(Number().Replace(name.Replace("__", ":", StringComparison.Ordinal), ""))
            select name
        );
    }

    [Fact]
    public void Every_command_is_one_the_program_takes()
    {
        string[][] commands =
        [
            .. Kubernetes.SelectMany(All).Where(node => Has(node, "args")).Select(node => Words(node["args"])),
            .. Compose.SelectMany(All).Where(node => Has(node, "command")).Select(node => Words(node["command"])),
            .. UnitValues("ExecStart").Select(value => value.Split(' ')[2..]),
            JsonSerializer.Deserialize<string[]>(
                File.ReadLines(Repository.PathOf("deploy", "Containerfile"))
                    .Single(line => line.StartsWith("CMD ", StringComparison.Ordinal))[4..]
            )!,
        ];
        Assert.Equal(7, commands.Length);
        Assert.All(commands, words => Assert.Empty(CommandTree.Create().Parse(words).Errors));
    }

    [Fact]
    public void Every_probe_asks_an_address_that_is_answered()
    {
        var mapped = File.ReadAllText(Repository.PathOf("src", "Reminders.Web", "Health", "Readiness.cs"));
        var probes = Kubernetes
            .SelectMany(All)
            .OfType<YamlMappingNode>()
            .SelectMany(node => node.Children)
            .Where(pair => Text(pair.Key).EndsWith("Probe", StringComparison.Ordinal))
            .ToDictionary(pair => Text(pair.Key), pair => Text(pair.Value["httpGet"]["path"]));
        Assert.Equal(["livenessProbe", "readinessProbe", "startupProbe"], probes.Keys.Order());
        Assert.All(probes.Values, path => Assert.Contains($"(\"{path}\"", mapped, StringComparison.Ordinal));
        Assert.Equal("/health/live", probes["livenessProbe"]);
        Assert.Equal("/health/ready", probes["readinessProbe"]);
    }

    [Fact]
    public void Whoever_kills_waits_longer_than_a_node_takes_to_end()
    {
        var (drain, grace) = (
            Kubernetes.SelectMany(All).Where(node => Has(node, "name", "value")).Single(node => Text(node["name"]) == "Serve__Drain")[
                "value"
            ],
            Kubernetes.SelectMany(All).Single(node => Has(node, "terminationGracePeriodSeconds"))["terminationGracePeriodSeconds"]
        );
        AssertLonger(Text(grace), Text(drain));
        AssertLonger(
            Text(Compose.SelectMany(All).First(node => Has(node, "stop_grace_period"))["stop_grace_period"]).TrimEnd('s'),
            Text(Compose.SelectMany(All).First(node => Has(node, "Serve__Drain"))["Serve__Drain"])
        );
        AssertLonger(
            UnitValues("TimeoutStopSec").Single(),
            UnitValues("Environment").Single(value => value.StartsWith("Serve__Drain", StringComparison.Ordinal)).Split('=')[1]
        );

        static void AssertLonger(string seconds, string drain) =>
            Assert.InRange(
                int.Parse(seconds, CultureInfo.InvariantCulture),
                TimeSpan.Parse(drain, CultureInfo.InvariantCulture).TotalSeconds + Farewell + 1,
                120
            );
    }

    [Fact]
    public void The_image_has_the_version_of_the_build()
    {
        var version = Version().Match(File.ReadAllText(Repository.PathOf("Directory.Build.props"))).Groups[1].Value;
        var images = Kubernetes
            .Concat(Compose)
            .SelectMany(All)
            .Where(node => Has(node, "image"))
            .Select(node => Text(node["image"]))
            .Where(image => image.StartsWith("reminders", StringComparison.Ordinal));
        Assert.Equal([$"reminders:{version}"], images.Distinct());
    }

    /// <summary>Where systemd is, it says what it does not understand, line by line.</summary>
    [Fact]
    public async Task Systemd_takes_the_unit_as_it_is()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("reminders-unit-");
        var unit = Path.Combine(folder.FullName, "reminders.service");
        // What it starts need not be on this machine.
        await File.WriteAllLinesAsync(
            unit,
            Unit.Select(line => line.Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken
        );
        using var verify = Process.Start(
            new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", unit]) { RedirectStandardError = true }
        )!;
        Assert.Equal("", await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        folder.Delete(recursive: true);
    }

    private static YamlNode[] Read(string file)
    {
        using var text = File.OpenText(Repository.PathOf("deploy", file));
        var stream = new YamlStream();
        stream.Load(text);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    /// <summary>A node and all within it, once where several places name it.</summary>
    private static IEnumerable<YamlNode> All(YamlNode root) => root.AllNodes.Distinct(ReferenceEqualityComparer.Instance).Cast<YamlNode>();

    private static bool Has(YamlNode node, params string[] keys) =>
        node is YamlMappingNode map && keys.All(key => map.Children.ContainsKey(new YamlScalarNode(key)));

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static string[] Words(YamlNode node) => [.. ((YamlSequenceNode)node).Select(Text)];

    private static IEnumerable<string> UnitValues(string name) =>
        Unit.Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..]);

    [GeneratedRegex(@":\d+$")]
    private static partial Regex Number();

    [GeneratedRegex("<Version>([^<]+)</Version>")]
    private static partial Regex Version();
}
