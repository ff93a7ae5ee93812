using Reminders.Integration.Tests.Support;
using Reminders.Words;

namespace Reminders.Integration.Tests.Imports;

/// <summary>What a file may look like, and what is said of one that does not.</summary>
[Trait("Suite", "Quick")]
public sealed class ToldFiles(Postgres postgres)
{
    [Fact]
    public void A_value_may_hold_commas_quotes_and_lines_and_an_empty_one_is_none()
    {
        var file = Importing.Read(
            "kind,subject,recipient,sent_at,name,channel\r\n"
                + "K,\"a,b\",\"u \"\"1\"\"\",2026-01-02 09:30:00.5+00,\"x\ny\",\nK,s,u,2026-01-02T09:30:00+03:00,,\n"
        );
        Assert.Empty(file.Problems);
        Assert.Equal([("a,b", "u \"1\"", 2), ("s", "u", 4)], file.Rows.Select(row => (row.Subject, row.Recipient, row.Line!.Value)));
        Assert.Null(file.Rows[0].Channel);
        Assert.Equal(TimeSpan.FromHours(3), file.Rows[1].SentAt!.Value.Offset);
    }

    [Theory]
    [InlineData("", "line 1: there is no header")]
    [InlineData("kind,subject,recipient\n", "line 1: the header has no column sent_at")]
    [InlineData("kind,subject,recipient,sent_at,when\n", "line 1: the header has 'when', which is no column")]
    [InlineData("kind,subject,recipient,sent_at\nK,s,u\n", "line 2: has 3 fields: the header has 4")]
    [InlineData(
        "kind,subject,recipient,sent_at\nK,s,u,2026-01-02 09:30:00\n",
        "line 2: sent_at is '2026-01-02 09:30:00': it should be an instant with its offset"
    )]
    [InlineData(
        "kind,subject,recipient,sent_at,version\nK,s,u,2026-01-02T09:30:00Z,x\n",
        "line 2: version is 'x': it should be a whole number"
    )]
    [InlineData("kind,subject,recipient,sent_at\nK,\"s\"x,u,2026-01-02T09:30:00Z\n", "line 2: is no CSV")]
    [InlineData("{\"kind\": 1\n", "line 1: is no JSON object")]
    [InlineData("{\"kind\": \"K\", \"what\": 1}\n", "line 1: has 'what', which is no field")]
    public void What_cannot_be_read_is_said_by_line_field_and_value(string text, string problem) =>
        Assert.StartsWith(problem, Wording.English.Of(Assert.Single(Importing.Read(text).Problems)), StringComparison.Ordinal);

    [Fact]
    public async Task The_command_line_says_what_it_did_and_that_it_did_nothing_the_second_time()
    {
        var database = await postgres.CreateDatabaseAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                "kind,subject,recipient,sent_at\nCUSTOMER_CREATED,c1,u1,2026-01-02T09:30:00Z\n",
                TestContext.Current.CancellationToken
            );
            Assert.Equal((0, "1 imported, 0 were there already.", ""), await RunAsync("import", file, "--owner", "shop"));
            Assert.Equal((0, "0 imported, 1 were there already.", ""), await RunAsync("import", file, "--owner", "shop"));
            await File.AppendAllTextAsync(file, "CUSTOMER_CREATED,c2,u1,yesterday\n", TestContext.Current.CancellationToken);
            var (code, output, errors) = await RunAsync("import", file);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains("line 3: sent_at is 'yesterday'", errors, StringComparison.Ordinal);
            Assert.Contains("Nothing was imported", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        async Task<(int, string, string)> RunAsync(params string[] arguments)
        {
            var (code, output, errors) = await CommandLine.RunAsync(database, arguments);
            return (code, output.Trim(), errors.Trim());
        }
    }
}
