using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Reminders.Settings;

namespace Reminders.Cli.Serving;

/// <summary>The proxies in front of <c>serve</c>, section <c>Proxies</c>.</summary>
public sealed class ProxyOptions
{
    /// <summary>
    /// Networks (<c>10.0.0.0/8</c>) or addresses whose X-Forwarded-For, -Proto and -Host are believed; from anywhere else
    /// anybody could write them. Default none: they are ignored.
    /// </summary>
    public IList<string> Networks { get; set; } = [];

    /// <exception cref="SettingsException">One of them is none.</exception>
    internal ForwardedHeadersOptions? Read()
    {
        if (Networks.Count == 0)
        {
            return null;
        }
        // As many as there are in a row: each is known, and the first that is not is the client.
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        for (var i = 0; i < Networks.Count; i++)
        {
            if (IPAddress.TryParse(Networks[i], out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(Networks[i], out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new SettingsException([
                    $"Proxies:Networks:{i} is '{Networks[i]}': it should be an address or a network, such as 10.0.0.0/8.",
                ]);
            }
        }
        return options;
    }

    /// <summary>A word of warning, where keys and tokens would cross a network in the clear; null where all is well.</summary>
    internal string? Warning(string urls) =>
        Networks.Count == 0 && urls.Split(';').FirstOrDefault(IsOpen) is { } open
            ? $"{open} is open to other machines without TLS: keys and tokens can be read on the way. Use an https address "
                + "(Tls:Certificate), or name the proxy in front of it that has TLS in Proxies:Networks."
            : null;

    private static bool IsOpen(string url)
    {
        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(url);
        return address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase)
            && !address.IsUnixPipe
            && !address.IsNamedPipe
            && !address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
