using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Reminders.Hosting;
using Reminders.Settings;

namespace Reminders.Web.Telemetry;

/// <summary>Metrics and traces over OTLP, when there is somewhere to send them.</summary>
internal static class RemindersTelemetry
{
    private static readonly string[] Meters = ["Reminders", "Quartz", "Npgsql"];

    // The instrumentation of HttpClient is left out on purpose: Telegram's bot token is part of the URL path, which its spans carry
    // as url.full.
    private static readonly string[] Sources = ["Reminders", "Quartz", "Npgsql"];

    // All of Quartz's tags but quartz.trigger.name and quartz.fire.instance.id: those are new with every due second, and each
    // value would be a time series of its own.
    private static readonly string[] QuartzTags =
    [
        "quartz.scheduler.name",
        "quartz.scheduler.id",
        "quartz.job.name",
        "quartz.job.group",
        "quartz.trigger.group",
        "quartz.job.result",
        "quartz.job.type",
        "quartz.jobstore.operation",
        "quartz.jobstore.lock",
        "quartz.jobstore.lock.reason",
        "error.type",
    ];

    /// <summary>Exports when <c>Telemetry:OtlpEndpoint</c> or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; does nothing otherwise.</summary>
    /// <param name="configuration">
    /// The endpoint is a base URL such as <c>http://collector:4317</c>. <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> is <c>grpc</c> (the default)
    /// or <c>http/protobuf</c>.
    /// </param>
    /// <exception cref="SettingsException">The endpoint or the protocol cannot be read.</exception>
    internal static IServiceCollection AddRemindersTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if ((Blank(configuration["Telemetry:OtlpEndpoint"]) ?? Blank(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) is not { } endpoint)
        {
            return services;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var collector) || collector.Scheme is not ("http" or "https"))
        {
            throw new SettingsException([
                $"Telemetry:OtlpEndpoint is '{endpoint}': it should be a base URL such as http://collector:4317.",
            ]);
        }

        var protocol = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] switch
        {
            null or "" or "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            var other => throw new SettingsException([$"OTEL_EXPORTER_OTLP_PROTOCOL is '{other}': it should be grpc or http/protobuf."]),
        };
        services
            .AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddMeter(Meters))
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(Sources))
            .UseOtlpExporter(protocol, collector);
        services.ConfigureOpenTelemetryMeterProvider(
            (provider, metrics) =>
            {
                metrics.ConfigureResource(resource => Describe(resource, provider));
                // It hears of every meter of the process that is called so; another installation's are that one's to export.
                var own = provider.GetRequiredService<IMeterFactory>();
                metrics.AddView(instrument =>
                    instrument.Meter.Scope is OwnMeters meters && meters != own ? MetricStreamConfiguration.Drop
                    : instrument.Meter.Name == "Quartz" ? new MetricStreamConfiguration { TagKeys = QuartzTags }
                    : null
                );
            }
        );
        services.ConfigureOpenTelemetryTracerProvider(
            (provider, traces) => traces.ConfigureResource(resource => Describe(resource, provider))
        );
        return services;
    }

    private static void Describe(ResourceBuilder resource, IServiceProvider provider)
    {
        resource.AddService("reminders", serviceInstanceId: provider.GetRequiredService<NodeName>().Value);
        if (provider.GetRequiredService<InstallationName>() is { IsNamed: true, Value: var name })
        {
            resource.AddAttributes([new(OwnMeters.Tag, name)]);
        }
    }

    private static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
