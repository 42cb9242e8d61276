using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>What a stranger does with a copy of the game: it becomes a remix that names its original.</summary>
public sealed partial class GalleryTests
{
    /// <summary>Begins on the game's page, makes a remix there, makes an account, and shows the remix in the gallery.</summary>
    private static async Task RemixAsync(IPage page, string title)
    {
        string original = page.Url;
        // Whoever has no account learns why the heart does nothing.
        await page.GetByTestId("like").TapAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Only people with an account");
        await Expect(page.GetByTestId("like")).ToHaveAttributeAsync("aria-pressed", "false");
        await page.GetByTestId("copy-game").TapAsync();
        await page.WaitForURLAsync("**/projects/*");
        await Expect(page.GetByTestId("code")).ToContainTextAsync("import pygame");
        string code = await page.EvaluateAsync<string>(
            """
            async ([name, password]) => {
              const send = async (method, url, body) => {
                const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
                if (!answer.ok) throw new Error(await answer.text());
                return await answer.json();
              };
              await send('POST', '/api/account/sign-up', { name, password });
              const project = `/api/projects/${location.pathname.split('/').pop()}`;
              await send('PATCH', project, { name: 'Sun Garden' });
              return (await send('PUT', `${project}/publication`, {})).code;
            }
            """,
            new[] { "Loud Fox", Password });

        await page.GotoAsync($"/play/{code}");
        await Expect(page.GetByTestId("credit")).ToHaveTextAsync($"Remix of {title} by Quiet Owl");
        await Looks.SaveAsync(page, "remix-phone");
        await Axe.CheckAsync(page, "a remix on a phone");
        Assert.True(await Looks.FitsAsync(page));
        await page.GetByTestId("credit").GetByRole(AriaRole.Link).TapAsync();
        await page.WaitForURLAsync(original);
        await Expect(page.GetByTestId("shared-title")).ToHaveTextAsync(title);
        await Expect(page.GetByTestId("credit")).ToHaveCountAsync(0);
        await page.GetByTestId("like").TapAsync();
        await Expect(page.GetByTestId("like")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByTestId("like")).ToContainTextAsync("1");
        await page.GetByTestId("family").TapAsync();
        ILocator remix = page.GetByTestId("family-dialog").GetByRole(AriaRole.Link, new() { Name = "Sun Garden" });
        await Expect(remix).ToBeVisibleAsync();
        await Looks.SaveAsync(page, "family-phone");
        await Axe.CheckAsync(page, "the family of a game on a phone");
        await remix.TapAsync();
        await page.WaitForURLAsync($"**/play/{code}");

        await page.GotoAsync("/gallery");
        ILocator cards = page.Locator(".gallery-card strong");
        await Expect(cards).ToHaveTextAsync(new[] { "Sun Garden", title });
        await page.GetByTestId("gallery-liked").TapAsync();
        await Expect(cards).ToHaveTextAsync(new[] { title, "Sun Garden" });
        await Expect(page.GetByTestId($"gallery:{title}")).ToContainTextAsync("♥ 1");
        await Looks.SaveAsync(page, "gallery-liked-phone");
        await Axe.CheckAsync(page, "the gallery by likes on a phone");
    }
}
