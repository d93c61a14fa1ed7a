import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("one thread: what goes in first comes out first") { order() },
    Part("a push to a full queue waits for a pop") { fullWaits() },
    Part("a pop from an empty queue waits for a push") { emptyWaits() },
    Part("woken pushers also respect the capacity") { keepsCapacity() },
    Part("one pusher, one popper: no wake-up is lost") { oneEach() },
    Part("two pushers, two poppers: no element is lost or taken twice") { noneLost() },
    Part("if two sleeping threads can continue, both are woken") { bothWake() },
    Part("closing wakes all waiting threads") { closeWakes() },
    Part("elements in the queue when it is closed are still handed out") { closeKeeps() },
  ]

  static func order() {
    for capacity in [1, 3, 10] {
      explore(
        limit: 5,
        stuck:
          "The queue has room for \(capacity) elements, so neither push nor pop has a reason to "
          + "wait."
      ) { stage in
        let queue = queue(capacity, stage)
        for round in 0..<3 {
          let numbers = (1...capacity).map { $0 + round }
          for number in numbers {
            expect(queue.push(number), equals: true, "push did not accept element \(number)")
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
      stuck: "After the pop there is room again, so the waiting push must continue."
    ) { stage in
      let queue = queue(2, stage)
      let (pushed, refused) = (Counter(), Counter())
      stage.thread("pusher") {
        for number in 1...3 { (queue.push(number) ? pushed : refused).add() }
      }
      stage.settle()
      expect(
        refused.value, equals: 0, "the queue is full but open, yet push returned false",
        "The thread that called push has a client and now has nowhere to put it, so that client "
          + "is lost. Return false only if the queue is closed; if it is full, wait.")
      expect(
        pushed.value < 3, "a queue with a capacity of 2 accepted three elements",
        "Without a bound, the queue hides the fact that the workers can't keep up, until the "
          + "server runs out of memory.")
      expect(
        pushed.value, equals: 2, "a queue with a capacity of 2 has room, but push waits",
        "push must wait only when the queue already holds `capacity` elements.")
      expect(queue.pop(), equals: 1, "pop did not return the oldest element")
      stage.settle()
      expect(
        pushed.value, equals: 3, "a pop made room, but the waiting push did not continue",
        "The thread that called push is still asleep on notFull, because nothing woke it. pop must "
          + "signal notFull.")
    }
  }

  static func emptyWaits() {
    explore(
      stuck: "The queue has room for two elements, so push has no reason to wait.",
      crash: "pop tried to take an element out of an empty queue."
    ) { stage in
      let queue = queue(2, stage)
      let (popped, refused) = (Counter(), Counter())
      stage.thread("popper") { (queue.pop() == 7 ? popped : refused).add() }
      stage.settle()
      expect(
        refused.value, equals: 0, "the queue is empty but open, yet pop returned nil",
        "nil tells a worker to exit, so the pool would lose it. Return nil only if no more "
          + "elements will come; if there just isn't one yet, wait.")
      _ = queue.push(7)
      stage.settle()
      expect(
        popped.value, equals: 1, "the waiting pop did not return the element that was pushed",
        "There is an element now. push must wake the thread that sleeps on notEmpty.")
    }
  }

  /// Whenever all threads wait, the queue holds exactly as many elements as fit.
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
            "the queue holds one element too many after a pusher was woken",
            "A signal says nothing about how many elements are in the queue now. A pusher that "
              + "wakes up must ask the same question as one that just arrived: is the queue full?",
            expected: "\(capacity) elements in the queue", happened: "\(pushed.value - popped)")
          expect(
            pushed.value == min(4, popped + capacity),
            "there is room, but a pusher is still asleep",
            "Each pop makes room for one more push, so each pop must signal notFull.")
          if popped < 4 { _ = queue.pop() }
        }
      }
    }
  }

  /// Only one of the two threads ever sleeps, so a single condition variable would be enough here.
  /// If a thread hangs, it missed its signal.
  static func oneEach() {
    explore(
      stuck:
        "A wake-up was lost. Either the thread that changed something sent no signal, or it sent "
        + "the signal after the other thread had checked but before that thread was asleep, so the "
        + "signal had no effect. Check and sleep in one withLock, and signal after each change.",
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
        "One signal wakes one thread. If pushers and poppers sleep on the same condition variable, "
        + "the signal can wake the wrong kind of thread. That thread goes back to sleep, and the "
        + "signal is lost.",
      crash: tooLate
    ) { stage in
      let queue = queue(1, stage)
      let sum = Counter()
      for number in 1...2 {
        stage.thread("pusher \(number)") { _ = queue.push(number) }
        stage.thread("popper \(number)") {
          guard let element = queue.pop() else {
            fail("pop returned nil, although the queue is open", tooLate)
          }
          stage.note("took element \(element)")
          sum.add(element)
        }
      }
      stage.join()
      expect(
        sum.value, equals: 3,
        "1 and 2 were pushed, but the elements that came out do not add up to 3", tooLate)
    }
  }

  static let tooLate =
    "A third thread got the mutex after the signal and before the woken thread did, and it took "
    + "the element or the room. A woken thread must check again, so write while, not if."
}

extension Check {
  static func bothWake() {
    let why =
      "Both threads were asleep, and you sent only one signal: at the second change, the queue was "
      + "no longer empty or no longer full. But a signal wakes only one thread. Each new element "
      + "needs its own signal, and so does each free place."
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
      expect(
        popped.value, equals: 2,
        "two elements were pushed for two poppers, but one popper is still asleep", why)
      for _ in 1...2 { _ = full.pop() }
      stage.settle()
      expect(
        pushed.value, equals: 2,
        "two places became free for two pushers, but one pusher is still asleep", why)
    }
  }

  static func closeWakes() {
    closeWakes(
      1,
      "Either nothing woke the thread, or it woke up, found no element or no room, and went back "
        + "to sleep. The loop must also end when the queue is closed.")
    explore(
      stuck:
        "The popper saw that the queue was open, and close sent its signal before the popper was "
        + "asleep, so the popper never woke up. close must change isClosed and signal while "
        + "holding the mutex."
    ) { stage in
      let queue = queue(1, stage)
      stage.thread("popper") {
        expect(queue.pop(), equals: nil, "pop on a closed, empty queue did not return nil")
      }
      queue.close()
    }
    closeWakes(
      3,
      "close woke only one of the threads on a condition variable. All of them must see that the "
        + "queue is closed. Otherwise, a server that is shutting down waits for the others "
        + "forever.")
  }

  /// - Parameter count: the number of poppers, and also the number of pushers.
  static func closeWakes(_ count: Int, _ stuck: String) {
    explore(stuck: stuck) { stage in
      let (empty, full) = (queue(1, stage), queue(1, stage))
      _ = full.push(0)
      for number in 1...count {
        stage.thread("popper \(number)") {
          expect(
            empty.pop(), equals: nil, "pop on a closed, empty queue did not return nil",
            "The queue is empty and no more elements will come. nil tells the popper to exit.")
        }
        stage.thread("pusher \(number)") {
          expect(
            full.push(number), equals: false,
            "push was waiting when the queue was closed, but did not return false",
            "After waking up, check whether the queue is closed: the element must not go in, "
              + "because no thread will take it.")
        }
      }
      stage.settle()
      empty.close()
      full.close()
    }
  }

  static func closeKeeps() {
    explore(stuck: "On a closed queue, neither push nor pop has a reason to wait.") { stage in
      let queue = queue(3, stage)
      for number in 1...2 { _ = queue.push(number) }
      queue.close()
      expect(
        queue.push(3), equals: false, "push on a closed queue that has room did not return false",
        "No thread will take the element, so push must not accept it.")
      expect(
        [queue.pop(), queue.pop(), queue.pop()], equals: [1, 2, nil],
        "elements that were in the queue when it was closed are lost",
        "push returned true for them, so their clients were promised an answer.")
      expect(
        queue.push(3), equals: false, "push on a closed queue did not return false",
        "Once the queue is closed, push must accept nothing, whether or not there is room.")
    }
  }

  static func queue(_ capacity: Int, _ stage: Stage) -> BoundedQueue<Int> {
    let queue = BoundedQueue<Int>(capacity: capacity)
    stage.watch(queue)
    return queue
  }
}
