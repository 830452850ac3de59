using System.Collections.Concurrent;
using Berth.Core.Log;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of the table that looks for text.
internal sealed partial class SessionTable
{
    /// <summary>Looks for a text in the logs of sessions, several at a time. Memory does not grow with their size.</summary>
    /// <param name="most">How many places are given; all are counted.</param>
    public async Task<SearchFound> SearchAsync(
        IReadOnlyList<SessionRow> rows, string text, int most, CancellationToken cancellation)
    {
        var needle = new TextNeedle(text);
        var gathered = new Gathered(most);
        var problems = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(rows.Index(), cancellation, (place, stop) =>
        {
            var hits = new List<SearchHit>();
            long count = 0;
            try
            {
                new LogSearch(needle, hit =>
                {
                    count++;
                    if (hits.Count < most)
                    {
                        hits.Add(new SearchHit(place.Item, hit.Seq, hit.Turn, hit.Where, hit.Line));
                    }
                }).Run(host.DirectoryOf(place.Item.Id), stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Enqueue($"Session {place.Item.Id} cannot be searched: {e.Message}");
            }

            gathered.Add(place.Index, hits, count);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return new SearchFound([.. gathered.Hits.Take(most)], gathered.Total, gathered.Sessions, [.. problems]);
    }

    /// <summary>What several searchers bring, in the order of the sessions; no more is held than can be shown.</summary>
    private sealed class Gathered(int most)
    {
        private readonly Lock gate = new();
        private readonly SortedDictionary<int, List<SearchHit>> bySession = [];
        private int held;

        public long Total { get; private set; }

        public int Sessions { get; private set; }

        public IEnumerable<SearchHit> Hits => bySession.Values.SelectMany(hits => hits);

        public void Add(int session, List<SearchHit> hits, long count)
        {
            lock (gate)
            {
                Total += count;
                Sessions += count > 0 ? 1 : 0;
                held += hits.Count;
                bySession[session] = hits;
                while (bySession.Count > 0 && bySession.Last() is var last && held - last.Value.Count >= most)
                {
                    bySession.Remove(last.Key);
                    held -= last.Value.Count;
                }
            }
        }
    }
}
