using System.Text.RegularExpressions;

namespace Berth.Core.Tools.Search;

/// <summary>What a search through several files brought.</summary>
/// <param name="Files">Those with matches, in order, as far as the limit goes.</param>
/// <param name="Matches">All matches.</param>
/// <param name="FilesWithMatches">All files with matches.</param>
/// <param name="IsTooSlow">The pattern took too long at some line; the search ended there.</param>
internal sealed record TreeHits(IReadOnlyList<FileHits> Files, long Matches, long FilesWithMatches, bool IsTooSlow);

/// <summary>Searches many files, several at once, with the results in the order of the files.</summary>
internal static class TreeSearch
{
    private const int Together = 128;
    private const int MostThreads = 4;

    /// <summary>Searches.</summary>
    /// <param name="limit">Matches after which files are only counted.</param>
    public static TreeHits Search(IEnumerable<string> files, FileSearch search, long limit, CancellationToken cancellation)
    {
        var kept = new List<FileHits>();
        var (matches, filesWithMatches) = (0L, 0L);
        var options = new ParallelOptions
        {
            CancellationToken = cancellation, MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MostThreads),
        };
        foreach (var some in files.Chunk(Together))
        {
            var hits = new FileHits?[some.Length];
            var slow = false;
            Parallel.For(0, some.Length, options, i =>
            {
                try
                {
                    hits[i] = Volatile.Read(ref slow) ? null : search.Search(some[i], cancellation);
                }
                catch (RegexMatchTimeoutException)
                {
                    Volatile.Write(ref slow, true);
                }
            });

            foreach (var hit in hits)
            {
                if (hit is { Matches: > 0 })
                {
                    if (matches < limit)
                    {
                        kept.Add(hit);
                    }

                    matches += hit.Matches;
                    filesWithMatches++;
                }
            }

            if (slow)
            {
                return new TreeHits(kept, matches, filesWithMatches, IsTooSlow: true);
            }
        }

        return new TreeHits(kept, matches, filesWithMatches, IsTooSlow: false);
    }
}
