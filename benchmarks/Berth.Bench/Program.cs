using Berth.Platform;

namespace Berth.Bench;

/// <summary><c>./bench [NAME…]</c>: measures, and prints one table. <c>./bench --list</c> names the measurements.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        if (words is ["--list"])
        {
            foreach (var one in MeasurementTable.All)
            {
                StandardStreams.Write(StandardStreams.Output, $"{one.Name,-16} {one.What}\n");
            }

            return 0;
        }

        var chosen = words.Length == 0 ? MeasurementTable.All : [.. MeasurementTable.All.Where(m => words.Contains(m.Name))];
        if (words.FirstOrDefault(w => MeasurementTable.All.All(m => m.Name != w)) is { } unknown)
        {
            return Wrong($"there is no measurement '{unknown}'. Right: ./bench --list, ./bench, ./bench NAME…");
        }

        if (Programs.FromEnvironment() is not { } programs)
        {
            return Wrong("start this by ./bench, which builds what is measured.");
        }

        return Measure(chosen, programs);
    }

    private static int Measure(IReadOnlyList<Measurement> chosen, Programs programs)
    {
        var figures = new List<Figure>();
        var failed = 0;
        foreach (var measurement in chosen)
        {
            StandardStreams.Write(StandardStreams.Error, $"Measuring {measurement.Name} …\n");
            try
            {
                figures.AddRange(measurement.Run(programs));
            }
            catch (IOException e)
            {
                failed++;
                StandardStreams.Write(StandardStreams.Error, $"bench: {measurement.Name} failed: {e.Message}\n");
            }
        }

        StandardStreams.Write(StandardStreams.Output, Report.Table(figures));
        return failed == 0 ? 0 : 1;
    }

    private static int Wrong(string what)
    {
        StandardStreams.Write(StandardStreams.Error, $"bench: {what}\n");
        return 2;
    }
}
