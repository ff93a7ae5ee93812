using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reminders.Channels.Http;

/// <summary>
/// Reads a provider's reply. What decides (a code, an id) counts however badly its texts are spelt: half a surrogate pair in an
/// error's description does not make a definite refusal a doubt, and neither does a description of ten megabytes.
/// </summary>
internal static class ReplyJson
{
    /// <summary>Null when it is not this form.</summary>
    public static T? Read<T>(HttpReply reply, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return !reply.IsCut && OutsideJson.IsFit(reply.Body)
                ? JsonSerializer.Deserialize(reply.Body, type)
                : JsonSerializer.Deserialize(OutsideJson.Storable(reply.IsCut ? Closed(reply.Body) : reply.Body), type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A whole body, for another to read: every text in it can be read.</summary>
    public static byte[] Fit(HttpReply reply) =>
        OutsideJson.IsFit(reply.Body) ? reply.Body.ToArray() : Encoding.UTF8.GetBytes(OutsideJson.Storable(reply.Body));

    /// <summary>
    /// JSON that ends inside a text, with the text and everything around it closed. JSON that ends anywhere else stays as it
    /// is, and so unreadable: half a number is another number.
    /// </summary>
    private static byte[] Closed(ReadOnlySpan<byte> head)
    {
        var open = new Stack<byte>();
        var text = -1;
        for (var i = 0; i < head.Length; i++)
        {
            if (text >= 0)
            {
                if (head[i] == '\\')
                {
                    i++;
                }
                else if (head[i] == '"')
                {
                    text = -1;
                }

                continue;
            }
            switch (head[i])
            {
                case (byte)'"':
                    text = i;
                    break;
                case (byte)'{' or (byte)'[':
                    open.Push(head[i] == '{' ? (byte)'}' : (byte)']');
                    break;
                case (byte)'}' or (byte)']':
                    open.TryPop(out _);
                    break;
            }
        }
        if (text < 0)
        {
            return head.ToArray();
        }
        // An escape is six bytes at most (\u0041), and may have been cut anywhere.
        var end = head.Length;
        var escape = head[Math.Max(text + 1, end - 6)..].LastIndexOf((byte)'\\');
        if (escape >= 0)
        {
            end = Math.Max(text + 1, end - 6) + escape;
        }

        while (end > text + 1 && head[end - 1] == '\\')
        {
            end--;
        }

        return [.. head[..end], (byte)'"', .. open];
    }
}
