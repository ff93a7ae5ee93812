using System.Text.RegularExpressions;

namespace Reminders.Tests.Architecture;

/// <summary>What neither formatter holds: a line fits beside another on one screen.</summary>
public sealed partial class Layout
{
    private const int Columns = 140;

    /// <summary>A raw string is somebody else's text, such as JSON or a page: its lines are as long as they are.</summary>
    [Fact]
    public void No_line_of_code_is_longer_than_the_formatter_allows() =>
        Assert.Empty(
            from source in Sources.All
            from line in RawText().Replace(source.Text, text => new string('\n', text.Value.Count(letter => letter == '\n'))).Split('\n')
            where line.Length > Columns
            select $"{source.Project}/{source.Path}: {line}"
        );

    [Fact]
    public void No_line_of_a_statement_is() =>
        Assert.Empty(
            from file in Sources.Statements
            from line in file.Text.Split('\n')
            where line.Length > Columns
            select $"{file.Project}/{file.Path}: {line}"
        );

    [GeneratedRegex("\"{3,}.*?\"{3,}", RegexOptions.Singleline)]
    private static partial Regex RawText();
}
