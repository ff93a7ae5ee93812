using Reminders.Cli;
using Reminders.Cli.Commands;

namespace Reminders.Integration.Tests.Web;

/// <summary>What the command line prints of others' texts, and takes of secrets.</summary>
public sealed class TerminalTexts
{
    [Fact]
    public void A_name_cannot_forge_a_row_or_command_the_terminal()
    {
        var table = new PlainTable("name", "role");
        table.Add("anna\nroot  operator", "recruiter");
        table.Add("\u001b[2J\u009b1mboris\r\u2028x", "recruiter");
        var lines = table.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.Equal("anna root  operator  recruiter", lines[1]);
        Assert.All(lines.SelectMany(line => line), c => Assert.False(char.IsControl(c) || c == '\u2028'));
        Assert.Equal("a \nb", Printing.Lines("a\u001b\nb"));
    }

    [Theory]
    [InlineData("Host=db;Username=u;Password=secret", true)]
    [InlineData("Host=db;Username=u;Pwd=secret", true)]
    [InlineData("Host=db;Username=u", false)]
    [InlineData("no connection string", false)]
    public void A_password_is_not_taken_from_the_command_line(string connection, bool refused)
    {
        var parsed = DedupeCommand.Create().Parse(["--table", "t", "--keys", "a", "--connection", connection]);
        Assert.Equal(refused, parsed.Errors.Any(error => error.Message.Contains("PGPASSWORD", StringComparison.Ordinal)));
        Assert.All(parsed.Errors, error => Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal));
    }
}
