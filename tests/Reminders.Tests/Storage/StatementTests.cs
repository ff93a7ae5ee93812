using Reminders.Storage;

namespace Reminders.Tests.Storage;

/// <summary>How a statement is put together from files.</summary>
public sealed class StatementTests
{
    private readonly Dictionary<string, string> _files = new()
    {
        ["A/Sql/main.sql"] = """
            -- Says what it's for, and /* include nothing */ here.
            SELECT '--' || /* include A/Sql/piece.sql */ FROM t -- the table

            WHERE /* if among */ id = ANY ($1) /* else */ id <> ALL ($1) /* end */
            /* if late */
              AND late /* include A/Sql/piece.sql */
            /* end */
            """,
        ["A/Sql/piece.sql"] = "-- A piece.\n'it''s' || x\n",
        ["A/Sql/lost.sql"] = "SELECT /* include A/Sql/nowhere.sql */",
        ["A/Sql/round.sql"] = "SELECT /* include A/Sql/about.sql */",
        ["A/Sql/about.sql"] = "(/* include A/Sql/round.sql */)",
        ["A/Sql/open.sql"] = "SELECT /* if late */ 1",
        ["A/Sql/other.sql"] = "SELECT /* inculde A/Sql/piece.sql */",
    };

    [Fact]
    public void Pieces_are_put_in_and_comments_left_out_and_literals_kept() =>
        Assert.Equal("SELECT '--' || 'it''s' || x FROM t WHERE id <> ALL ($1)", OneLine(Assemble("A/Sql/main.sql")));

    [Fact]
    public void Sections_are_there_when_they_are_chosen() =>
        Assert.Equal(
            "SELECT '--' || 'it''s' || x FROM t WHERE id = ANY ($1) AND late 'it''s' || x",
            OneLine(Assemble("A/Sql/main.sql", "among", "late"))
        );

    [Theory]
    [InlineData("A/Sql/gone.sql", "There is no statement A/Sql/gone.sql in this build:")]
    [InlineData("A/Sql/lost.sql", "There is no statement A/Sql/nowhere.sql in this build, which A/Sql/lost.sql includes:")]
    [InlineData("A/Sql/round.sql", "The statement A/Sql/round.sql includes itself, by A/Sql/round.sql and A/Sql/about.sql.")]
    [InlineData("A/Sql/open.sql", "The statement A/Sql/open.sql says /* if late */;")]
    [InlineData("A/Sql/other.sql", "The statement A/Sql/other.sql says /* inculde A/Sql/piece.sql */;")]
    public void A_file_that_is_missing_or_wrong_is_named(string name, string says) =>
        Assert.StartsWith(says, Assert.Throws<InvalidOperationException>(() => Assemble(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_section_that_is_not_there_cannot_be_chosen() =>
        Assert.Equal(
            "The statement A/Sql/main.sql has no section limited.",
            Assert.Throws<InvalidOperationException>(() => Assemble("A/Sql/main.sql", "limited")).Message
        );

    /// <summary>What schema names and prepared statements are known by is the string itself.</summary>
    [Fact]
    public void A_statement_is_read_once() =>
        Assert.Same(Statement.Named("Outbox/Sql/claim.sql", "among"), Statement.Named("Outbox/Sql/claim.sql", "among"));

    private string Assemble(string name, params string[] sections) =>
        StatementText.Assemble(name, sections, path => _files.GetValueOrDefault(path));

    private static string OneLine(string sql) => string.Join(' ', sql.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
