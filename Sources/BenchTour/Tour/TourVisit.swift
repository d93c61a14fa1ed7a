import BenchSupport
import Common

/// The measurements of one server while it runs.
struct TourVisit {
  let plan: TourPlan
  let server: TourServer
  private(set) var record: TourRecord.Server
  let progress: TourProgress

  init(
    plan: TourPlan, server: TourServer, record: TourRecord.Server, progress: TourProgress
  ) {
    self.plan = plan
    self.server = server
    self.record = record
    self.progress = progress
  }

  /// The slow backend takes the same time in every round, so this is measured once.
  mutating func measure(_ round: Int) throws {
    if round == 0 {
      record.articles = try slowBackend(clients: TourPlan.articleClients)
      record.crowd = try slowBackend(clients: TourPlan.requests)
    }
    for index in record.levels.indices { try measureLevel(index) }
    try broadcast()
    record.peakMemoryBytes = max(record.peakMemoryBytes, server.peakMemory)
    record.threads = max(record.threads, server.threads)
    record.descriptors = max(record.descriptors, server.descriptors)
  }

  private var url: String { "http://\(server.address)/" }

  private mutating func slowBackend(clients: Int) throws -> [[UInt64]] {
    step("\(TourPlan.requests) requests, \(clients) at a time, backend \(plan.delay) ms")
    let arguments = ["-q", "-r", "-s", "120", "-n", "\(TourPlan.requests)", "-c", "\(clients)"]
    let run = try load(arguments + ["\(url)?delay=\(plan.delay)ms"]).run
    return try run.samples.map { [$0.start, $0.connect, $0.wait, $0.total] }
  }

  private mutating func measureLevel(_ index: Int) throws {
    let clients = record.levels[index].clients
    step("throughput, \(counted(clients, "client"))")
    let (run, cpuTime) = try load([
      "-q", "-r", "-k", "-t", "\(plan.time)ms", "-c", "\(clients)", url,
    ])
    let samples = try run.samples
    let times = Distribution(samples.map(\.total))
    record.levels[index].rounds.append(
      TourRecord.Round(
        requestsPerSecond: run.result.requestsPerSecond, medianNs: times.median,
        p99Ns: times.percentile(99), maxNs: times.max,
        // A client's first answer is the one that also waited for its connection.
        clientsServed: min(clients, samples.count { $0.connect > 0 }),
        cpuNsPerRequest: cpuTime / UInt64(max(run.result.complete, 1)),
        clientIsTheLimit: run.result.clientIsTheLimit))
    if clients == record.usual?.clients && record.curve == nil {
      record.curve = PercentileCurve.Curve(samples.map(\.total))
    }
  }

  /// Opens as many WebSockets as the server takes; all ask at once, so that those it does not take
  /// are given up together.
  private mutating func broadcast() throws {
    let count = plan.webSockets
    step("\(grouped(count)) WebSockets, \(TourPlan.broadcasts) broadcasts")
    let load = ["ws", "-q", "--broadcast", "-n", "\(TourPlan.broadcasts)", "-c", "\(count)"]
    let (run, _) = try TourLoad(server: server).run(
      load + ["--ramp", "\(count * 10)/s", "-s", "2", "ws://\(server.address)/ws"],
      WebSocketFile.self)
    record.failed += run.result.expected - run.result.received
    record.broadcasts.append(
      TourRecord.Broadcast(
        connected: run.connections.achieved, reach: run.result.reach,
        firstNs: run.timesNs.first.median, medianNs: run.timesNs.median.median,
        lastNs: run.timesNs.last.median))
  }

  /// Counts what went wrong; requests in flight at the end of the time did not.
  private mutating func load(_ arguments: [String]) throws -> (run: RunFile, cpuTime: UInt64) {
    let (run, cpuTime) = try TourLoad(server: server).run(arguments, RunFile.self)
    record.failed += run.accounting.sent - run.accounting.ok - run.accounting.unfinished
    try checkServer([run.target?.serverSoftware, run.target?.otherServerSoftware])
    return (run, cpuTime)
  }

  /// Another process may listen on the same port (socket(7), `SO_REUSEPORT`), and the figures would
  /// then be about that one. A server that sends no `Server` field cannot be distinguished from
  /// others.
  private mutating func checkServer(_ software: [String?]) throws(TourError) {
    for name in software.compactMap({ $0 }) where !name.isEmpty {
      let expected = record.software ?? name
      guard name == expected, name == record.name || !TourPlan.names.contains(name) else {
        let other = name == expected ? record.name : expected
        throw TourError(
          "another server answers at \(server.address): '\(name.printable)', not '\(other.printable)'"
        )
      }
      record.software = name
    }
  }

  private func step(_ text: String) { progress.step("\(record.name): \(text)") }
}
