import FoundationEssentials

/// What a server did, on which thread, for which client: Chrome's trace-event format, of which complete events (`X`) and
/// the names of threads (`M`) count here. Times are microseconds.
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

  /// The threads on which something happened, by their number.
  var lanes: [Lanes.Lane] {
    let work = traceEvents.filter { $0.ph == "X" }
    let begin = work.compactMap(\.ts).min() ?? 0
    return Set(work.map(\.thread)).sorted().map { thread in
      let spans = work.filter { $0.thread == thread }.map { $0.span(since: begin) }
      return Lanes.Lane(name(of: thread), spans)
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

  fileprivate func span(since begin: Double) -> Lanes.Span {
    Lanes.Span(
      name: name, client: args?.client, start: ((ts ?? 0) - begin) * 1000,
      duration: (dur ?? 0) * 1000)
  }
}
