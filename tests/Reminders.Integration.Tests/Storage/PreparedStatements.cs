using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>Every statement that stands in a file of any project, held against a migrated database.</summary>
public sealed partial class PreparedStatements(Postgres postgres)
{
    /// <summary>Tables, columns and functions are there, and each parameter has a type without being told: what is read is what is
    /// sent.</summary>
    [Fact]
    public async Task Every_statement_can_be_prepared_in_each_of_its_forms()
    {
        await using var connection = new NpgsqlConnection(await postgres.CreateDatabaseAsync());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var wrong = new List<string>();
        foreach (var (form, sql) in Forms())
        {
            try
            {
                await using var prepare = new NpgsqlCommand($"PREPARE q AS {sql}", connection);
                await prepare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
                await using var forget = new NpgsqlCommand("DEALLOCATE q", connection);
                await forget.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            catch (PostgresException refusal)
            {
                wrong.Add($"{form}: {refusal.SqlState} {refusal.MessageText}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_statement_has_a_parameter_that_it_does_not_use()
    {
        var wrong =
            from form in Forms()
            let used = Parameters()
                .Matches(form.Sql)
                .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
                .Distinct()
                .ToArray()
            where used.Length > 0 && used.Max() != used.Length
            select $"{form.Name} uses {string.Join(", ", used.Order())}";
        Assert.Empty(wrong);
    }

    /// <summary>What is for readers stays in the file.</summary>
    [Fact]
    public void What_is_sent_begins_with_its_name_and_has_no_other_comment() =>
        Assert.Empty(
            from form in Forms()
            let lines = form.Sql.Split('\n')
            where
                lines[0] != $"-- {form.Name.Split(' ')[0]}"
                || lines.Skip(1).Any(line => Literals().Replace(line, "").Contains("--", StringComparison.Ordinal))
            select form.Name
        );

    /// <summary>Each statement, with each choice of its sections. Pieces are in those that include them.</summary>
    private static IEnumerable<(string Name, string Sql)> Forms()
    {
        // An assembly is called as its project, and most have no statements.
        var projects = Directory
            .EnumerateFiles(AppContext.BaseDirectory, "Reminders*.dll")
            .Select(file => new StatementFiles(Assembly.Load(Path.GetFileNameWithoutExtension(file))))
            .ToArray();
        var pieces = projects.SelectMany(files => files.Names.SelectMany(name => StatementText.Includes(files.File(name)!))).ToHashSet();
        return
        [
            .. from files in projects
            from name in files.Names
            where !pieces.Contains(name)
            let sections = StatementText.Sections(files.File(name)!)
            from choice in Enumerable.Range(0, 1 << sections.Length)
            let chosen = sections.Where((_, place) => (choice & (1 << place)) != 0).ToArray()
            select (string.Join(' ', [name, .. chosen]), files.Named(name, chosen)),
        ];
    }

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Literals();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameters();
}
