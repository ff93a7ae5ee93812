namespace Reminders.Channels.Email;

/// <summary>A line that begins with a dot gets a second one, or it could end the message early (RFC 5321, 4.5.2).</summary>
internal static class DotStuffing
{
    public static ReadOnlyMemory<byte> Stuff(byte[] text)
    {
        var dots = 0;
        for (var i = 0; i < text.Length; i++)
        {
            dots += BeginsWithDot(text, i) ? 1 : 0;
        }
        if (dots == 0)
        {
            return text;
        }
        var stuffed = new byte[text.Length + dots];
        for (int from = 0, to = 0; from < text.Length; from++)
        {
            if (BeginsWithDot(text, from))
            {
                stuffed[to++] = (byte)'.';
            }
            stuffed[to++] = text[from];
        }
        return stuffed;
    }

    private static bool BeginsWithDot(byte[] text, int at) => text[at] == '.' && (at == 0 || text[at - 1] == '\n');
}
