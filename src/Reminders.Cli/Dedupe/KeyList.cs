namespace Reminders.Cli.Dedupe;

/// <summary>Keys in one word, separated by commas: those that stand in brackets or quotes belong to an expression.</summary>
internal static class KeyList
{
    public static IReadOnlyList<string> Split(string keys)
    {
        var parts = new List<string>();
        var (from, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < keys.Length; i++)
        {
            var c = keys[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c is '(' or '[')
            {
                depth++;
            }
            else if (c is ')' or ']')
            {
                depth--;
            }
            else if (c == ',' && depth == 0)
            {
                parts.Add(keys[from..i]);
                from = i + 1;
            }
        }
        parts.Add(keys[from..]);
        return [.. parts.Select(part => part.Trim()).Where(part => part.Length > 0)];
    }
}
