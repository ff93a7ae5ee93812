using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>
/// axe-core in the page itself. Its package for Playwright opens a second page for each judgement, and has what is in order described as
/// well, which took three times as long.
/// </summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <param name="tags">Of the rules to judge by. None: those that axe judges by of itself.</param>
    /// <returns>A line for each rule that is broken, with where it is.</returns>
    public static async Task<string[]> JudgeAsync(IPage page, params string[] tags)
    {
        await page.EvaluateAsync(Script);
        return await page.EvaluateAsync<string[]>(
            """
            async tags => (await axe.run({ resultTypes: ['violations'], ...(tags.length ? { runOnly: tags } : {}) })).violations
                .map(one => `${one.id} ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html).join(' | ')}`)
            """,
            tags
        );
    }
}
