import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("one thread: what goes in first comes out first") { order() },
    Part("a push to a full queue waits for a pop") { fullWaits() },
    Part("a pop from an empty queue waits for a push") { emptyWaits() },
    Part("pushers that were woken keep to the capacity, too") { keepsCapacity() },
    Part("one pusher, one popper: no wake-up is lost") { oneEach() },
    Part("two pushers, two poppers: nothing is lost, nothing doubled") { noneLost() },
    Part("two sleep, and both can continue: both are woken") { bothWake() },
    Part("closing wakes all threads that wait") { closeWakes() },
    Part("what is inside at the close is still handed out") { closeKeeps() },
  ]

  static func order() {
    for capacity in [1, 3, 10] {
      explore(
        limit: 5,
        stuck: "The queue has room for \(capacity): neither push nor pop has a reason to wait."
      ) { stage in
        let queue = queue(capacity, stage)
        for round in 0..<3 {
          let numbers = (1...capacity).map { $0 + round }
          for number in numbers {
            expect(queue.push(number), equals: true, "push did not take element \(number)")
          }
          for number in numbers {
            expect(queue.pop(), equals: number, "pop did not return the oldest element")
          }
        }
      }
    }
  }

  static func fullWaits() {
    explore(
      stuck: "After the pop there is room again."
    ) { stage in
      let queue = queue(2, stage)
      let (pushed, refused) = (Counter(), Counter())
      stage.thread("pusher") {
        for number in 1...3 { (queue.push(number) ? pushed : refused).add() }
      }
      stage.settle()
      expect(
        refused.value, equals: 0, "the queue is full but open, and push returned false",
        "A thread that pushes has a client in its hand, and now has nowhere to put it. False is "
          + "for a closed queue; a "
          + "full one makes the thread wait.")
      expect(
        pushed.value < 3, "a queue of capacity 2 has taken three elements",
        "Without a bound, the queue hides that the workers cannot keep up, until memory runs out.")
      expect(
        pushed.value, equals: 2, "a queue of capacity 2 has room, and push waits",
        "A pusher waits when `capacity` elements are inside, and not earlier.")
      expect(queue.pop(), equals: 1, "pop did not return the oldest element")
      stage.settle()
      expect(
        pushed.value, equals: 3, "after a pop, the push that waited has not gone on",
        "There is room again, and nothing tells the thread that sleeps at notFull.")
    }
  }

  static func emptyWaits() {
    explore(
      stuck: "The queue has room for two: push has no reason to wait.",
      crash: "pop took an element out of an empty queue."
    ) { stage in
      let queue = queue(2, stage)
      let (popped, refused) = (Counter(), Counter())
      stage.thread("popper") { (queue.pop() == 7 ? popped : refused).add() }
      stage.settle()
      expect(
        refused.value, equals: 0, "the queue is empty but open, and pop returned nil",
        "To a worker, nil means the end of its life. Return nil when nothing will come any more; "
          + "when nothing is there "
          + "yet, wait.")
      _ = queue.push(7)
      stage.settle()
      expect(
        popped.value, equals: 1, "the pop that waited has not returned the element that was pushed",
        "There is an element, and push has to wake the thread that sleeps at notEmpty.")
    }
  }

  /// At each moment at which all threads wait, there are as many elements inside as fit, and not
  /// one more.
  static func keepsCapacity() {
    for capacity in 1...3 {
      explore(limit: 20, stuck: "Each pop makes room for one of the pushers.") { stage in
        let queue = queue(capacity, stage)
        let pushed = Counter()
        for number in 1...4 {
          stage.thread("pusher \(number)") { if queue.push(number) { pushed.add() } }
        }
        for popped in 0...4 {
          stage.settle()
          expect(
            pushed.value <= popped + capacity,
            "the queue holds an element more than its capacity after a pusher was woken",
            "That there was a signal says nothing about how many are inside now. A pusher that "
              + "wakes up makes the same test "
              + "as one that has just come: is the queue full?",
            expected: "\(capacity) elements inside", happened: "\(pushed.value - popped)")
          expect(
            pushed.value == min(4, popped + capacity),
            "there is room, and a pusher sleeps on",
            "Each pop makes room for one more push, and has to signal it.")
          if popped < 4 { _ = queue.pop() }
        }
      }
    }
  }

  /// Only one of the two ever sleeps, so one place to sleep would be enough here: what hangs has
  /// missed its signal.
  static func oneEach() {
    explore(
      stuck:
        "A wake-up was lost. Either the thread that changed something has sent no signal, or it "
        + "sent the signal between "
        + "the other thread's look and its sleep, where no one hears it. Look and sleep in one "
        + "withLock, and signal "
        + "after each change.",
      crash: tooLate
    ) { stage in
      let queue = queue(1, stage)
      stage.thread("pusher") { for number in 1...3 { _ = queue.push(number) } }
      stage.thread("popper") {
        for number in 1...3 {
          expect(queue.pop(), equals: number, "pop did not return the oldest element")
        }
      }
      stage.join()
    }
  }

  static func noneLost() {
    explore(
      stuck:
        "One signal wakes one thread. If pushers and poppers sleep in the same place, it may be "
        + "the wrong kind of "
        + "thread: it goes back to sleep, and the signal is lost.",
      crash: tooLate
    ) { stage in
      let queue = queue(1, stage)
      let sum = Counter()
      for number in 1...2 {
        stage.thread("pusher \(number)") { _ = queue.push(number) }
        stage.thread("popper \(number)") {
          guard let element = queue.pop() else {
            fail("pop returned nil, and the queue is open", tooLate)
          }
          stage.note("has taken element \(element)")
          sum.add(element)
        }
      }
      stage.join()
      expect(
        sum.value, equals: 3,
        "1 and 2 were pushed, and the elements that came out have another sum", tooLate)
    }
  }

  static let tooLate =
    "Between the signal and the moment at which the sleeper has the mutex again, a third thread "
    + "was faster. The sleeper "
    + "must look again: while, not if."
}

extension Check {
  static func bothWake() {
    let why =
      "Both slept, and only the first change has sent a signal: at the second one the queue was "
      + "not empty, or not full, any more. "
      + "But the first signal wakes one thread. Each element needs its own signal, and so does "
      + "each free place."
    explore(stuck: why) { stage in
      let (empty, full) = (queue(2, stage), queue(2, stage))
      let (popped, pushed) = (Counter(), Counter())
      for number in 1...2 { _ = full.push(number) }
      for number in 1...2 {
        stage.thread("popper \(number)") { if empty.pop() != nil { popped.add() } }
        stage.thread("pusher \(number)") { if full.push(number) { pushed.add() } }
      }
      stage.settle()
      for number in 1...2 { _ = empty.push(number) }
      stage.settle()
      expect(popped.value, equals: 2, "two elements came for two poppers, and one sleeps on", why)
      for _ in 1...2 { _ = full.pop() }
      stage.settle()
      expect(pushed.value, equals: 2, "two places are free for two pushers, and one sleeps on", why)
    }
  }

  static func closeWakes() {
    closeWakes(
      1,
      "Nothing has woken it, or it looks only for an element or for room, finds neither, and goes "
        + "back to sleep. The "
        + "loop must also end when the queue is closed.")
    explore(
      stuck:
        "It saw that the queue was open, and close came between its look and its sleep: it has "
        + "missed the signal. close "
        + "needs the mutex, too."
    ) { stage in
      let queue = queue(1, stage)
      stage.thread("popper") { expect(queue.pop(), equals: nil, "pop from a closed, empty queue") }
      queue.close()
    }
    closeWakes(3, "All threads that wait must see that the queue is closed; close wakes only one.")
  }

  /// - Parameter count: how many pop, and how many push.
  static func closeWakes(_ count: Int, _ stuck: String) {
    explore(stuck: stuck) { stage in
      let (empty, full) = (queue(1, stage), queue(1, stage))
      _ = full.push(0)
      for number in 1...count {
        stage.thread("popper \(number)") {
          expect(
            empty.pop(), equals: nil, "pop from a closed, empty queue",
            "It has nothing, and nothing will come: nil ends the popper's life.")
        }
        stage.thread("pusher \(number)") {
          expect(
            full.push(number), equals: false, "a push that waited, and the queue was closed",
            "After waking up, look whether it is closed: the element must not go in.")
        }
      }
      stage.settle()
      empty.close()
      full.close()
    }
  }

  static func closeKeeps() {
    explore(stuck: "A closed queue makes no thread wait.") { stage in
      let queue = queue(3, stage)
      for number in 1...2 { _ = queue.push(number) }
      queue.close()
      expect(
        queue.push(3), equals: false, "push to a closed queue that has room",
        "No thread will take the element, so push must not accept it.")
      expect(
        [queue.pop(), queue.pop(), queue.pop()], equals: [1, 2, nil],
        "elements that were inside when it was closed are lost",
        "They were accepted: push has told their threads that they would be served.")
      expect(
        queue.push(3), equals: false, "push to a closed queue",
        "Once it is closed, push accepts nothing, whether there is room or not.")
    }
  }

  static func queue(_ capacity: Int, _ stage: Stage) -> BoundedQueue<Int> {
    let queue = BoundedQueue<Int>(capacity: capacity)
    stage.watch(queue)
    return queue
  }
}
