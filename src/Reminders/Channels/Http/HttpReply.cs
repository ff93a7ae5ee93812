using System.Buffers;
using System.Net.Http.Headers;

namespace Reminders.Channels.Http;

/// <summary>A whole reply, its body in a pooled buffer that is valid until disposal.</summary>
internal sealed class HttpReply : IDisposable
{
    /// <summary>
    /// For an answer to a call: a message as Telegram gives it back, its entities and buttons all escaped, is some 100 KB. A
    /// stray download ends here, for each of the messages under way.
    /// </summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>
    /// For 100 updates at once: a press brings its message, and that the one it replies to, each of 4096 characters in
    /// escapes, with a hundred entities and a hundred buttons.
    /// </summary>
    public const int MaxBatchBytes = 16 * 1024 * 1024;

    /// <summary>Of an error nobody needs more: its code comes before its prose, and the prose is kept to a line.</summary>
    public const int MaxErrorBytes = 64 * 1024;

    private byte[] _buffer;
    private readonly int _length;

    private HttpReply(HttpResponseMessage response, byte[] buffer, int length, bool isCut)
    {
        IsCut = isCut;
        _buffer = buffer;
        _length = length;
        Status = (int)response.StatusCode;
        ContentType = response.Content.Headers.ContentType?.MediaType;
        RetryAfter = WaitOf(response.Headers);
    }

    public int Status { get; }

    public string? ContentType { get; }

    /// <summary>
    /// The Retry-After header, at most an hour: a number of seconds, or a date, which is taken by the server's own clock. Null where
    /// there is none, or none that asks for a wait.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>An error of which only the beginning was read. The rest was never buffered, and its connection is given up.</summary>
    public bool IsCut { get; }

    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    /// <summary>For a person who looks for the cause. Holds none of the body: a gateway's page may quote the URL, and with it a
    /// token.</summary>
    public override string ToString() => $"HTTP {Status}, {ContentType ?? "no content type"}, {_length} bytes{(IsCut ? " and more" : "")}";

    /// <param name="most">Bytes of a reply that is no error.</param>
    /// <exception cref="IOException">The reply broke off, or is larger than <paramref name="most"/>.</exception>
    public static async Task<HttpReply> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        var expected = response.Content.Headers.ContentLength ?? 4096;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1, 1, 64 * 1024));
        var length = 0;
        // On a failure the buffer is left to the collector: a read that was cancelled may still be about to fill it.
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and int read)
        {
            length += read;
            if (!response.IsSuccessStatusCode && length > MaxErrorBytes)
            {
                return new HttpReply(response, buffer, MaxErrorBytes, isCut: true);
            }
            if (length > most)
            {
                throw new IOException($"the reply is larger than {most} bytes");
            }
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        return new HttpReply(response, buffer, length, isCut: false);
    }

    private static TimeSpan? WaitOf(HttpResponseHeaders headers)
    {
        var asked = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - headers.Date,
            // More digits than the framework's number holds are a wait all the same.
            null
                when headers.NonValidated.TryGetValues("Retry-After", out var raw)
                    && raw.ToString().Trim() is { Length: > 0 } digits
                    && !digits.AsSpan().ContainsAnyExceptInRange('0', '9') => SendResult.LongestWait,
            _ => null,
        };
        return asked > TimeSpan.Zero ? SendResult.Bounded(asked.Value) : null;
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
