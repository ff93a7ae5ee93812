using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reminders.Settings;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Live;
using Reminders.Web.Console.Pages;
using Reminders.Web.Console.Reads;
using Reminders.Web.Hosting;
using Reminders.Web.Keys;

namespace Reminders.Web.Console;

internal static class ConsoleServices
{
    public static void AddConsole(
        this IServiceCollection services,
        IServiceProvider host,
        ConsoleMapping mapping,
        OwnPipeline own,
        InstallationName installation
    )
    {
        services.AddFramework(host);
        services.AddSingleton(mapping);
        services.AddSingleton<ConsoleAccounts>();
        services.AddSingleton<ConsoleDatabase>();
        services.AddSingleton<PausesNow>();
        services.AddSingleton<FirstQueries>();
        services.AddScoped<Visitor>();
        services.AddScoped(typeof(Shown<>));
        services.AddScoped<PageHead>();
        services.AddScoped<DayReader>();
        services.AddScoped<ClusterReader>();
        services.AddScoped<MessageReader>();
        services.AddScoped<FindReader>();
        services.AddScoped<NumbersReader>();
        services.AddScoped<SuppressedReader>();
        services.AddScoped<QuartzReader>();
        services.AddScoped<ChatReader>();
        services.AddScoped<Rehearsal>();
        services.AddScoped<ActFlow>();
        services.AddSingleton<Kept>();
        services.AddScoped<Meanwhile>();
        services.AddScoped<Queues>();
        services.AddScoped<BookingActs>();
        services.AddScoped<MessageActs>();
        services.AddScoped<PauseActs>();
        services.AddScoped<BulkActs>();
        services.AddScoped<AccessActs>();
        services.AddSingleton<ApiKeys>();
        services.AddHandlers(typeof(ConsoleServices).Assembly);
        // Rendering asks for settings, and what the engine is set to is not for it to read.
        services.TryAddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddRazorComponents();
        services.AddResponseCompression(options => (options.EnableForHttps, options.MimeTypes) = (true, ConsolePipeline.Packed));
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.AddAntiforgery(options =>
        {
            // Of its own, also where one console's path begins with another's and a browser sends both.
            options.Cookie.Name = installation.In("reminders.form", ".");
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<LiveHub>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<LiveHub>());
        services.AddProtection();
        services.AddSignIn(mapping, installation);
        services.AddSingleton(own.BuiltAtStart());
    }

    private static void AddProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("Reminders console");
        services.WithoutKeyRing();
        services.AddSingleton<ProtectionKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            // As the keys' hashes and the messages beside them: who reads the database needs none of it. Said, so that it is not warned of.
            (options.XmlRepository, options.XmlEncryptor) = (provider.GetRequiredService<ProtectionKeys>(), new NullXmlEncryptor())
        ));
        services.AddSingleton<IHostedService, FirstProtectionKey>();
    }

    private static void AddSignIn(this IServiceCollection services, ConsoleMapping mapping, InstallationName installation)
    {
        var authentication = services.AddAuthentication();
        if (mapping.OwnAccounts)
        {
            authentication.AddCookie(SessionCookie.Scheme, options => SessionCookie.Configure(options, installation));
        }
        else
        {
            authentication.AddScheme<HostSignInOptions, HostSignIn>(HostSignIn.Scheme, null);
        }

        ConsoleClaims.AddPolicies(services.AddAuthorizationBuilder(), mapping.OwnAccounts ? SessionCookie.Scheme : HostSignIn.Scheme);
    }
}
