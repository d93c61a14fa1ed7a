// swift-tools-version: 6.2
import PackageDescription

#if !os(Linux)
  #error(
    """
    Five Ways to Wait needs Linux: its servers wait in epoll(7). In a container: \
    docker run -it --rm --name five-ways -v "$PWD":/five-ways -v five-ways-build:/five-ways/.build \
    -w /five-ways -p 7878:7878 swift:6.3
    """)
#endif

/// Warnings are errors where `CI` is set. A reader's build never fails because of a warning.
let warnings: [SwiftSetting] =
  Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let strict: [SwiftSetting] =
  warnings + [
    .swiftLanguageMode(.v6),
    // An async function runs where its caller runs, unless it says otherwise.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // Swift checks at run time that no code reads a variable while other code changes it, wherever
    // the compiler cannot prove it: for properties of objects, so in each step of each request. A
    // debug build checks, and the tests run there.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
  ]

/// For what a chapter's hot path calls: the optimizer may look into these modules from outside, so
/// that a border between two of them costs nothing. By default it looks only into functions of up
/// to 20 of its own instructions, which leaves out the parsers.
let transparent =
  strict + [
    .unsafeFlags(
      ["-cross-module-optimization", "-Xllvm", "-cmo-function-size-limit=300"],
      .when(configuration: .release))
  ]

/// One chapter's server: its folder, nothing but its concurrency model, on top of `Common`.
func chapter(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["CommandLineOptions", "Common", "WireProtocols"],
    swiftSettings: strict)
}

let package = Package(
  name: "five-ways-to-wait",
  targets: [
    .systemLibrary(name: "CLinux"),
    .target(name: "WireProtocols", swiftSettings: transparent),
    .target(name: "CommandLineOptions", swiftSettings: strict),
    .target(name: "Tracing", dependencies: ["CLinux"], swiftSettings: transparent),
    .target(
      name: "Common",
      dependencies: ["CLinux", "CommandLineOptions", "Tracing", "WireProtocols"],
      resources: [.embedInCode("Service/chat.html")],
      swiftSettings: transparent),
    chapter("01-Sequential"),
    chapter("02-ThreadPool"),
    chapter("03-Epoll"),
    chapter("04-Actor"),
    chapter("05-WebSocket"),
    .executableTarget(name: "epoll-echo", dependencies: ["Common"], swiftSettings: strict),
    .target(
      name: "BenchSupport", dependencies: ["CommandLineOptions", "Common"], swiftSettings: strict),
    .target(
      name: "BenchTour", dependencies: ["BenchSupport", "CLinux", "CommandLineOptions", "Common"],
      resources: [
        .embedInCode("Player/listings.json"), .embedInCode("Player/player.css"),
        .embedInCode("Player/trace-model.js"), .embedInCode("Player/trace-player.js"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "bench",
      dependencies: [
        "BenchSupport", "BenchTour", "CLinux", "CommandLineOptions", "Common", "WireProtocols",
      ],
      swiftSettings: strict),
    .target(name: "ChildProcesses", swiftSettings: strict),
    .executableTarget(
      name: "course", dependencies: ["ChildProcesses", "CommandLineOptions"], swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["WireProtocols"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "WireProtocolsTests", dependencies: ["TestSupport", "WireProtocols"],
      swiftSettings: strict),
    .testTarget(name: "TracingTests", dependencies: ["Common", "Tracing"], swiftSettings: strict),
    .testTarget(
      name: "CommonTests",
      dependencies: ["CommandLineOptions", "Common", "TestSupport", "WireProtocols"],
      swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "ChildProcesses", "Common", "WireProtocols", "01-Sequential", "02-ThreadPool",
        "03-Epoll", "04-Actor", "05-WebSocket", "epoll-echo",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ChapterTests",
      dependencies: ["Common", "02-ThreadPool", "03-Epoll", "04-Actor"],
      swiftSettings: strict),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "BenchSupport", "BenchTour", "CommandLineOptions", "Common", "WireProtocols", "bench",
        "01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CourseTests",
      dependencies: [
        "ChildProcesses", "course", "01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor",
        "05-WebSocket",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "StepTests", dependencies: ["ChildProcesses", "course"], swiftSettings: strict),
    .testTarget(
      name: "DocsTests",
      dependencies: [
        "01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket", "bench", "course",
        "epoll-echo",
      ],
      swiftSettings: strict),
  ]
)
