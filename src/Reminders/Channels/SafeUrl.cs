namespace Reminders.Channels;

/// <summary>A URL can hold a password or a token in its user, path or query: a message shows only what is safe to show.</summary>
internal static class SafeUrl
{
    public static string Of(Uri? url) =>
        url switch
        {
            null => "",
            { IsAbsoluteUri: true } => $"{url.Scheme}://{url.Host}:{url.Port}/…",
            _ => "a relative URL",
        };
}
