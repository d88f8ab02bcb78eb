package com.acme.interop;

/**
 * Takes and returns classes of our own and values without a declared type.
 * Every type has a method that gives the value back and one that says which value of which class arrived.
 */
public interface ModelEcho {
    default User echoUser(User value) {
        return value;
    }

    default String describeUser(User value) {
        return Describe.value(value);
    }

    default Page<User> echoUserPage(Page<User> value) {
        return value;
    }

    default String describeUserPage(Page<User> value) {
        return Describe.value(value);
    }

    default Order echoOrder(Order value) {
        return value;
    }

    default String describeOrder(Order value) {
        return Describe.value(value);
    }

    default Order.Line echoOrderLine(Order.Line value) {
        return value;
    }

    default String describeOrderLine(Order.Line value) {
        return Describe.value(value);
    }

    default TimeValues echoTimeValues(TimeValues value) {
        return value;
    }

    default String describeTimeValues(TimeValues value) {
        return Describe.value(value);
    }

    default JdkValues echoJdkValues(JdkValues value) {
        return value;
    }

    default String describeJdkValues(JdkValues value) {
        return Describe.value(value);
    }

    default Primitives echoPrimitives(Primitives value) {
        return value;
    }

    default String describePrimitives(Primitives value) {
        return Describe.value(value);
    }

    default Node echoNode(Node value) {
        return value;
    }

    default String describeNode(Node value) {
        return Describe.value(value);
    }

    default Object echoObject(Object value) {
        return value;
    }

    default String describeObject(Object value) {
        return Describe.value(value);
    }
}
