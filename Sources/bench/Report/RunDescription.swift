import BenchSupport
import CommandLineOptions

/// The beginning of every JSON report: what was run, where, and against which server.
struct RunDescription {
  let options: BenchOptions
  /// Nanoseconds since 1970.
  let begin: UInt64

  func write(to json: inout JSONText, target more: (inout JSONText) -> Void) {
    json.member("kind", options.kind.rawValue)
    json.member("tool", versionLine(of: "bench"))
    json.member("command", ["bench"] + CommandLine.arguments.dropFirst())
    json.member("toolchain", Machine.toolchain)
    let machine = Machine.current
    json.object("machine") { json in
      json.member("system", machine.system)
      json.member("processor", machine.processor)
      json.member("cores", machine.cores)
    }
    json.member("begin_unix_ns", begin)
    json.object("target") { json in
      json.member("host", options.target.host)
      json.member("port", Int(options.target.port))
      json.member("path", options.target.path)
      more(&json)
    }
    json.member("concurrency", options.concurrency)
  }
}

extension JSONText {
  mutating func member(_ name: String, _ times: Distribution) {
    object(name) { json in
      json.member("min", times.min)
      json.member("mean", times.mean, decimals: 1)
      json.member("standard_deviation", times.standardDeviation, decimals: 1)
      json.member("median", times.median)
      for percent in [50, 66, 75, 80, 90, 95, 98, 99] {
        json.member("p\(percent)", times.percentile(percent))
      }
      json.member("p99.9", times.quantile(perMille: 999))
      json.member("max", times.max)
    }
  }

  mutating func members(_ effort: Effort) {
    member("duration_ns", effort.duration)
    member("client_cpu_ns", effort.cpuTime)
    member("client_is_the_limit", effort.isTheLimit)
  }
}
