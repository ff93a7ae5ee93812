using MailKit;

namespace Reminders.Email;

/// <summary>
/// Hears what the server says, after TLS and before MailKit reads it: an answer has a bounded length, and a server that goes
/// on behind its answer has said something about a message that nobody has put to it yet.
/// </summary>
internal sealed class ReplyWatch : IProtocolLogger
{
    // RFC 5321 allows 512 bytes a line. EHLO's answer is the longest of an honest server.
    private const int LongestAnswer = 64 * 1024;

    private int _length;
    private int _column;
    private bool _isLast;
    private bool _isWhole;

    /// <summary>Whether something came behind a whole answer without having been asked for, since <see cref="Forget"/>.</summary>
    public bool SpokeUnasked { get; private set; }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void Forget() => SpokeUnasked = false;

    public void LogConnect(Uri uri) { }

    public void LogClient(byte[] buffer, int offset, int count) => (_length, _isWhole) = (0, false);

    /// <exception cref="InvalidDataException">The answer does not end.</exception>
    public void LogServer(byte[] buffer, int offset, int count)
    {
        _length += count;
        if (_length > LongestAnswer)
        {
            throw new InvalidDataException($"an answer of more than {LongestAnswer} bytes");
        }
        foreach (var letter in buffer.AsSpan(offset, count))
        {
            SpokeUnasked |= _isWhole;
            if (letter == '\n')
            {
                // "250-" goes on, "250 " and "250" are the last line (RFC 5321, 4.2.1).
                (_isWhole, _isLast, _column) = (_isLast || _column == 3, false, 0);
                continue;
            }
            if (_column == 3)
            {
                _isLast = letter is (byte)' ' or (byte)'\r';
            }
            _column = Math.Min(_column + 1, 5);
        }
    }

    public void Dispose() { }
}
