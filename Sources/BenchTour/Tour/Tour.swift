import BenchSupport
import Common
import Glibc

/// `bench tour`: makes the same measurements with each of the five servers, one after the other,
/// and reports a table, a page and the figures.
package struct Tour {
  private let options: TourOptions
  private let plan: TourPlan
  private let progress = TourProgress()

  package init(_ options: TourOptions) {
    self.options = options
    plan = TourPlan(options)
  }

  /// Makes the tour, prints its table and writes its reports.
  /// - Throws: an ``Interruption`` after a signal, after every child process ended; an
  ///   ``OutputError`` if a report could not be written; a ``TourError`` if there are no servers to
  ///   measure.
  package func perform() throws -> ExitCode {
    Interruption.holdBack()
    let reports = try TourReports(options)
    try allowDescriptors(for: plan.webSockets)
    let build = try ServerBuild(of: plan.servers, given: options.binaries, progress)
    progress.expect(plan.steps)
    var record = emptyRecord
    for round in 0..<plan.rounds {
      for name in plan.order(ofRound: round) {
        guard let index = record.servers.firstIndex(where: { $0.name == name }) else { continue }
        try visit("\(build.folder)/\(name)", round, &record.servers[index])
      }
    }
    let traces = try record.servers.compactMap { server in
      try trace("\(build.folder)/\(server.name)", server)
    }
    progress.clear()
    for index in record.servers.indices {
      record.servers[index].verdict = Verdict(record.servers[index], record).text
    }
    try StandardOutput.show(TourTable(record).lines.joined(separator: "\n"))
    try reports.write(record, TourPlayer(traces: traces))
    return record.servers.allSatisfy { $0.problem == nil && $0.failed == 0 } ? .fine : .failures
  }

  /// Measures one server in one round. What goes wrong is recorded, and the tour continues with the
  /// next server.
  private func visit(_ path: String, _ round: Int, _ record: inout TourRecord.Server) throws {
    if record.problem != nil { return }
    do {
      let server = try TourServer(path)
      var visit = TourVisit(plan: plan, server: server, record: record, progress: progress)
      do {
        try visit.measure(round)
      } catch {
        record = visit.record
        try? server.stop()
        throw error
      }
      record = visit.record
      try server.stop()
    } catch let interruption as Interruption {
      progress.clear()
      throw interruption
    } catch {
      record.problem = "\(error)".split(separator: "\n").joined(separator: " ")
      progress.say("\(record.name): \(record.problem ?? "")")
    }
  }

  /// A server whose trace fails has none on the page; it was measured, and that counts.
  private func trace(_ path: String, _ server: TourRecord.Server) throws -> (String, String)? {
    progress.step("\(server.name): a trace of six requests")
    if server.problem != nil { return nil }
    do {
      return (server.name, try TourTrace(plan: plan).record(path))
    } catch let interruption as Interruption {
      progress.clear()
      throw interruption
    } catch {
      progress.say("\(server.name): no trace: \(error)")
      return nil
    }
  }

  private var emptyRecord: TourRecord {
    let machine = Machine.current
    return TourRecord(
      system: machine.system, processor: machine.processor, cores: machine.cores,
      isQuick: options.isQuick, delayNs: UInt64(plan.delay) * 1_000_000,
      webSockets: plan.webSockets,
      servers: plan.servers.map { name in
        TourRecord.Server(name: name, levels: plan.levels.map { TourRecord.Level(clients: $0) })
      })
  }
}
