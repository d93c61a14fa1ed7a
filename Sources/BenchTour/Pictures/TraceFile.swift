import BenchSupport
import FoundationEssentials

/// What a server did, on which thread, for which client, in Chrome's trace-event format. Complete
/// events (`X`), pairs of a begin and an end (`b`, `e`) and the names of threads (`M`) are used.
/// Times are microseconds.
struct TraceFile: Decodable {
  struct Event: Decodable {
    struct Arguments: Decodable {
      let client: Int?
      let name: String?
    }

    let name: String
    let ph: String
    let ts: Double?
    let dur: Double?
    let tid: Int?
    let args: Arguments?
  }

  let traceEvents: [Event]

  /// The threads on which something happened, by their number. Time 0 is the first client's first
  /// event.
  var lanes: [Lanes.Lane] {
    let events = traceEvents.filter { ["X", "b", "e"].contains($0.ph) && !$0.isIdle }
    let begin = events.map(\.start).min() ?? 0
    return Set(events.map(\.thread)).sorted().map { thread in
      let own = events.filter { $0.thread == thread }
      let spans = own.filter { $0.ph == "X" }.map { $0.span(since: begin, until: $0.end) }
      return Lanes.Lane(name(of: thread), spans, asides: Self.pairs(own, since: begin))
    }
  }

  /// A begin and the next end for the same client.
  private static func pairs(_ events: [Event], since begin: Double) -> [Lanes.Span] {
    var open: [Int?: Event] = [:]
    return events.sorted { $0.start < $1.start }.compactMap { event in
      let client = event.args?.client
      if event.ph == "b" { open[client] = event }
      guard event.ph == "e" else { return nil }
      return open.removeValue(forKey: client)?.span(since: begin, until: event.start)
    }
  }

  private func name(of thread: Int) -> String {
    let event = traceEvents.first {
      $0.ph == "M" && $0.name == "thread_name" && $0.thread == thread
    }
    return event?.args?.name ?? "thread \(thread)"
  }
}

extension TraceFile.Event {
  fileprivate var thread: Int { tid ?? 0 }
  /// Whole nanoseconds: of two events, one may begin exactly when the other ends.
  fileprivate var start: Double { ((ts ?? 0) * 1000).rounded() }
  fileprivate var end: Double { start + ((dur ?? 0) * 1000).rounded() }
  /// Whether the thread has nothing to do.
  fileprivate var isIdle: Bool { name == "wait" && args?.client == nil }

  fileprivate func span(since begin: Double, until end: Double) -> Lanes.Span {
    Lanes.Span(name: name, client: args?.client, start: start - begin, duration: end - start)
  }
}
