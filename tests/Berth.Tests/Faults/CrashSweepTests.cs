using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Faults;

/// <summary>
/// The daemon may die, and the power fail, at any moment of any write and any sync: what was acknowledged is there,
/// nothing is done twice, and every session goes on.
/// </summary>
public sealed class CrashSweepTests
{
    private const int Days = 3;
    private const double Part = 0.04;
    private const int MomentsOfADay = 170;

    [Fact]
    public async Task Wherever_it_falls_everything_that_was_promised_holds() => await SweepAsync(Random.Shared.Next(), Days, Part);

    /// <summary>The same at all of them: for <c>./bench --crash</c>.</summary>
    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task At_every_write_and_every_sync_everything_that_was_promised_holds(int sweep)
    {
        var seed = Random.Shared.Next();
        var moments = await SweepAsync(seed, days: 1, part: 1);
        Console.WriteLine($"Sweep {sweep}: {moments} falls at writes and syncs, seed {seed}: everything holds.");
        Assert.True(moments >= MomentsOfADay, $"only {moments} moments");
    }

    private static async Task<int> SweepAsync(int seed, int days, double part)
    {
        var random = new Random(seed);
        var disk = new ScriptedDisk();
        using var files = new Scratch();
        var camera = new CrashCamera(files, disk, random, () => random.NextDouble() < part);
        try
        {
            await using (var life = new EngineLife(files, Model(), policy: null, disk))
            {
                life.Policy.Judge = CrashVoyage.Judge;
                camera.Start();
                var voyage = new CrashVoyage(life, camera);
                for (var day = 1; day <= days; day++)
                {
                    await voyage.SailAsync(day);
                }

                (disk.Before, disk.After) = (null, null);
                await life.EndAsync(stopTasks: true);
                foreach (var image in camera.Images)
                {
                    await InquireAsync(image, life.Project, seed);
                }
            }
        }
        finally
        {
            foreach (var image in camera.Images)
            {
                image.Files.Dispose();
            }
        }

        return camera.Moments;
    }

    private static async Task InquireAsync(CrashImage image, string project, int seed)
    {
        try
        {
            await new CrashInquiry(image, project).HoldsAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{image.Moment} (seed {seed}): {e.Message}", e);
        }
    }

    private static ScriptedModel Model()
    {
        var model = new ScriptedModel { HasForks = true };
        model.Always(CrashVoyage.Says);
        return model;
    }
}
