using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Cli.Imports;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Imports;
using Reminders.Integration.Tests.Support;
using Reminders.Words;

namespace Reminders.Integration.Tests.Imports;

/// <summary>A file of what another system sent, read and imported as the command line does.</summary>
internal static class Importing
{
    public static DateTimeOffset Ago(TimeSpan span) => TimeProvider.System.GetUtcNow() - span;

    public static async Task<ToldImported> ImportAsync(this Cluster cluster, string file) =>
        Assert.IsType<Outcome<ToldImported>.Done>(await cluster.TryImportAsync(file)).Value;

    public static async Task<Outcome<ToldImported>> TryImportAsync(this Cluster cluster, string file, bool skipBad = false)
    {
        var told = Read(file);
        Assert.Empty(told.Problems);
        return await cluster.SendAsync(new ImportTold(told.Rows, skipBad));
    }

    public static ToldFile Read(string file)
    {
        using var text = new StringReader(file);
        return ToldFile.Read(text);
    }

    public static string Csv(string header, IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder(header).Append('\n'), (text, line) => text.Append(line).Append('\n')).ToString();

    public static async Task<string> ExplainAsync(this Cluster cluster, string type, string subject)
    {
        await using var scope = cluster.Nodes[0].Services.CreateAsyncScope();
        var explainer = scope.ServiceProvider.GetRequiredService<Explainer>();
        return ExplainText.Render(
            (await explainer.ExplainAsync(type, subject, Wording.English, TestContext.Current.CancellationToken))!,
            Wording.English
        );
    }
}
